"""Ranking and map as one HTML file for mail: style, scripts and data inside, allowed by their hashes and nothing else.

Made from the two pages as they are: what leads to other files becomes text, clusters beyond the ranking are left out.
"""

from __future__ import annotations

import base64
import hashlib
import re

from publishing.language import say

FILE = "stclusters.html"
_LINK = re.compile(r'<a (?:class="[^"]*" )?href="(?!#|https:)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_BELOW = re.compile(r'<tr id="[^"]*"[^>]* data-below hidden>.*?</tr>\n?', re.DOTALL)
_NAVIGATION = re.compile(r'<nav aria-label="([^"]*)">.*?</nav>', re.DOTALL)
_BRAND = re.compile(r'<a class="brand" href="[^"]*">(.*?)</a>')
#: what only leads to other files: question marks, lists of links, the footer's downloads
_ELSEWHERE = re.compile(
    r'<a class="q"[^>]*>.*?</a>|<p class="note defs">.*?</p>|<ul class="acts">.*?</ul>'
    r'|<p><a href="downloads/[^"]*">[^<]*</a></p>|<dt>[^<]*</dt><dd><a href="data.html">[^<]*</a></dd>',
    re.DOTALL,
)
_SHEETS = re.compile(
    r'<link rel="stylesheet" href="style.css">\n<link rel="stylesheet" href="print.css" media="print">'
)
_SCRIPT = re.compile(r'<script src="[^"]*"></script>\n?')


def page(ranking: str, map_page: str | None, style: bytes, scripts: list[bytes]) -> bytes:
    """The file's bytes.

    Parameters
    ----------
    ranking, map_page : str
        The rendered pages; without browser code there is no map.
    style : bytes
        The style sheet.
    scripts : list of bytes
        Scripts in the order in which they run.
    """
    texts = [_inline(script) for script in scripts]
    styled = style.decode()
    whole = _SCRIPT.sub("", _BELOW.sub("", ranking))
    whole = _BRAND.sub(r'<span class="brand">\1</span>', _ELSEWHERE.sub("", whole))
    first, second = say("Ranking"), say("Map")
    whole = _NAVIGATION.sub(rf'<nav aria-label="\1"><a href="#main">{first}</a></nav>', whole)
    if map_page is not None:
        live = _SCRIPT.sub("", _between(map_page, '<div id="live-map"', '<div class="wrap">'))
        whole = whole.replace("</main>", f'<h2 class="wrap" id="map">{second}</h2>\n{live}</main>', 1)
        whole = whole.replace(f">{first}</a></nav>", f'>{first}</a><a href="#map">{second}</a></nav>', 1)
    while (text := _LINK.sub(r"\1", whole)) != whole:
        whole = text
    policy = (
        f"default-src 'none'; script-src {' '.join(_hash(text) for text in texts)}; style-src {_hash(styled)}; "
        "img-src 'self'; base-uri 'none'; form-action 'none'"
    )
    whole = re.sub(
        r'(http-equiv="Content-Security-Policy" content=")[^"]*"', lambda found: f'{found[1]}{policy}"', whole
    )
    whole = _SHEETS.sub(lambda _: f"<style>{styled}</style>", whole, 1)
    tail = "".join(f"<script>{text}</script>\n" for text in texts)
    return whole.replace("</body>", f"{tail}</body>", 1).encode()


def _inline(script: bytes) -> str:
    """A script as it may stand between tags."""
    return script.decode().replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _between(text: str, start: str, end: str) -> str:
    first = text.index(start)
    return text[first : text.index(end, first)]
