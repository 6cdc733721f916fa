"""The same folder in Firefox, once: the map is drawn by its script and the pages are laid out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
ORANGE, PAPER = (224, 111, 26), (253, 252, 250)


@pytest.mark.slow
def test_firefox_paints_the_map_and_the_ranking(
    folder: Path, live: None, shots: Path, tmp_path: Path
) -> None:
    if FIREFOX is None:
        pytest.skip("no Firefox on this machine: apt-get install firefox-esr")
    seen = {}
    for name in ("map", "index"):
        file = shots / f"{name}-firefox.png"
        command = [
            FIREFOX,
            "--headless",
            "--no-remote",
            "--profile",
            str(tmp_path),
            "--window-size=1280,1000",
        ]
        address = (folder / f"{name}.html").as_uri()
        # Firefox takes the picture as soon as the page has loaded; on a busy machine the points are inflated later
        for _ in range(5):
            subprocess.run(
                [*command, "--screenshot", str(file), address], check=True, capture_output=True, timeout=120
            )
            seen[name] = np.asarray(Image.open(file).convert("RGB")).astype(int)
            if int((np.abs(seen[name][150:700] - ORANGE).sum(axis=2) < 40).sum()) > 300:
                break
    # the canvas begins right of the list; without the script there would be a picture in the page's middle instead
    stage = seen["map"][150:700, 320:]
    assert int((np.abs(stage - ORANGE).sum(axis=2) < 40).sum()) > 20
    side = seen["map"][150:700, 20:280]
    assert int((np.abs(side - PAPER).sum(axis=2) > 300).sum()) > 500
    assert int((np.abs(seen["index"] - ORANGE).sum(axis=2) < 40).sum()) > 1000
