"""The files and promises of docs/operations.md: services, PostgreSQL, addresses, backup and restore, locked versions."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest
from click.testing import CliRunner

from foundation.errors import BadInput, BadSettings
from foundation.home import Home, project_root
from foundation.measure import StageReport, usable_cores
from foundation.settings import Limits
from orchestration import instance as instances
from orchestration.history import latest
from orchestration.instance import memory_slots, open_instance, prepare_instance_folder
from orchestration.metadata import pages_link
from orchestration.sweep import sweep
from stclusters import serving
from stclusters.commands.ui import check_host
from stclusters.commands.ui import command as ui

ROOT = project_root()
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2019"]))
def documents() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 7})


def test_a_stages_link_leads_to_its_page_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    build = home.site_build("demo", "0" * 12)
    build.mkdir(parents=True)
    (build / "index.html").write_text("pages", encoding="utf-8")
    home.site("demo").symlink_to(build)
    report = StageReport("site", "demo", 1, 0.1, 1.0, {"index": str(home.site("demo") / "index.html")})
    running = serving.server(home.sites(), "127.0.0.1", 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{running.server_port}"
        monkeypatch.setenv("STCLUSTERS_PAGES", f"{address}/")
        link = pages_link(home, report)["open"]
        assert link.url == f"{address}/demo/index.html"
        assert urllib.request.urlopen(link.url).read() == b"pages"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/.builds/")
    finally:
        running.shutdown()
        running.server_close()
    monkeypatch.delenv("STCLUSTERS_PAGES")
    assert pages_link(home, report)["open"].url == "http://127.0.0.1:3010/demo/index.html"


def slots_of(instance: dg.DagsterInstance) -> int:
    limits = instance.event_log_storage.get_pool_limits()
    return next(limit.limit for limit in limits if limit.name == "memory")


def test_memory_hungry_steps_run_side_by_side_only_within_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [memory_slots(12, gb, cores) for gb, cores in ((24, 2), (64, 16), (8, 4), (24, 1))] == [2, 8, 1, 1]
    container = tmp_path / "memory.max"
    container.write_text("8000000000\n", encoding="ascii")
    assert instances.machine_gb() > 0
    monkeypatch.setattr(instances, "CONTAINER_LIMITS", (container, tmp_path / "none"))
    monkeypatch.setattr("orchestration.instance.usable_cores", lambda: 4)
    assert instances.machine_gb() <= 8.0
    home = Home(tmp_path / "home")
    with open_instance(home, Limits(memory_gb=2)) as instance:
        assert slots_of(instance) == 4
    with open_instance(home) as instance:
        assert slots_of(instance) == 4, "what the settings said stays"
    with open_instance(home, Limits(memory_gb=12)) as instance:
        assert slots_of(instance) == 1
    container.write_text("max\n", encoding="ascii")
    assert instances.machine_gb() > 0


def test_the_interface_refuses_an_address_that_others_reach() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.53"):
        check_host(host, read_only=False, expose=False)
    for host in ("0.0.0.0", "192.168.1.7", "::", "stclusters.example.org"):
        with pytest.raises(BadInput, match=r"no login.*start runs.*--expose"):
            check_host(host, read_only=False, expose=False)
        with pytest.raises(BadInput, match="read every run"):
            check_host(host, read_only=True, expose=False)
        check_host(host, read_only=False, expose=True)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_takes_the_units() -> None:
    told = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    lines = [line for line in told.stderr.splitlines() if "is not executable" not in line]
    assert lines == []


def test_the_units_run_commands_that_are_installed() -> None:
    assert len(UNITS) == 3
    for unit in UNITS:
        commands = re.findall(r"^Exec\w+=(\S+)", unit.read_text(encoding="utf-8"), re.MULTILINE)
        for command in commands:
            assert command.startswith("/opt/stclusters/.venv/bin/")
            assert (Path(sys.executable).parent / Path(command).name).is_file(), command


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root becomes another user, by setpriv"
)
def test_the_administrators_command_is_the_services_user_with_their_settings_and_secrets() -> None:
    folder = Path(tempfile.mkdtemp(prefix="stclusters-"))  # pytest's own folder is closed to other users
    try:
        folder.chmod(0o755)
        program, secrets, command = folder / "program", folder / "secrets.env", folder / "stclusters"
        program.write_text(
            '#!/bin/sh\nid -un; echo "$STCLUSTERS_HOME $STCLUSTERS_SMTP $*"\n', encoding="utf-8"
        )
        secrets.write_text("# mail\nSTCLUSTERS_SMTP=smtp://a:p$w&d@host", encoding="utf-8")
        secrets.chmod(0o600)
        text = (ROOT / "deploy" / "stclusters").read_text(encoding="utf-8")
        text = text.replace("/opt/stclusters/.venv/bin/stclusters", str(program))
        text = text.replace("/etc/stclusters/secrets.env", str(secrets))
        text = text.replace("--reuid stclusters --regid stclusters", "--reuid nobody --regid nogroup")
        command.write_text(text, encoding="utf-8")
        for file in (program, command):
            file.chmod(0o755)
        told = subprocess.run(
            [str(command), "status", "--runs", "2"], capture_output=True, text=True, check=True
        )
        assert told.stdout.splitlines() == ["nobody", "/srv/stclusters smtp://a:p$w&d@host status --runs 2"]
    finally:
        shutil.rmtree(folder)


def test_the_image_runs_commands_and_copies_what_is_there() -> None:
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"RUN make ([a-z-]+)", text)) == {"setup"} & targets
    for word in ("stclusters sweep", "dagster-daemon run -w workspace.yaml", "USER stclusters"):
        assert word in text
    assert (ROOT / "workspace.yaml").is_file()


def pinned(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", text, re.MULTILINE))


def test_the_hashed_lock_has_the_constraints_versions() -> None:
    locked, constraints = pinned("requirements.lock"), pinned("constraints.txt")
    assert len(locked) > 100
    assert {name: version for name, version in locked.items() if constraints.get(name) != version} == {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") > len(locked)
    assert "://" not in text


def test_old_runs_are_forgotten_but_not_the_last_of_a_table(tmp_path: Path) -> None:
    from orchestration.retention import forget_runs

    with open_instance(Home(tmp_path)) as instance:
        runs = [dg.materialize([documents], partition_key="2019", instance=instance).run_id for _ in range(3)]
        assert forget_runs(instance, older_than_days=1) == []
        later = max(run.started for run in latest(instance, 9)) + 3 * 86_400
        assert sorted(forget_runs(instance, older_than_days=2, now=later)) == sorted(runs[:2])
        assert [run.run_id for run in latest(instance, 9)] == [runs[2]]
        event = instance.get_latest_materialization_event(dg.AssetKey("documents"))
        assert event is not None
        assert event.run_id == runs[2]


def test_a_copy_of_the_home_has_the_whole_history(tmp_path: Path) -> None:
    """Backup and restore with SQLite are a copy with the services stopped."""
    old, new = Home(tmp_path / "old"), Home(tmp_path / "new")
    with open_instance(old) as instance:
        run = dg.materialize([documents], partition_key="2019", instance=instance).run_id
    shutil.copytree(old.root, new.root)
    shutil.rmtree(old.root)
    with open_instance(new) as instance:
        (found,) = latest(instance, 5)
        assert (found.run_id, found.state, found.rows) == (run, "success", 7)
        assert sweep(new, instance).runs == ()


def test_a_database_without_its_driver_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_PG_URL", "postgresql://me:secret@localhost/runs")
    with pytest.raises(BadSettings, match="must begin with postgresql\\+psycopg2://") as refused:
        prepare_instance_folder(Home(tmp_path))
    assert "secret" not in str(refused.value)


@pytest.fixture
def postgres(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """A real server of its own on a free port: (address of its database, options for its client programs)."""
    found = [shutil.which("pg_ctl"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))]
    programs = [Path(path).resolve().parent for path in found if path]
    if not programs:
        pytest.skip("PostgreSQL is not on this machine")
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def call(program: str, *arguments: str) -> None:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        subprocess.run(
            [str(programs[0] / program), *arguments], check=True, user=user, cwd="/", env=environment,
            stdout=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    call("initdb", "-D", str(folder / "data"), "-U", "stclusters", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    call("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        client = ["-h", "127.0.0.1", "-p", str(port), "-U", "stclusters"]
        subprocess.run([str(programs[0] / "createdb"), *client, "runs"], check=True)
        yield f"postgresql+psycopg2://stclusters@127.0.0.1:{port}/", client
    finally:
        call("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_postgresql_holds_runs_and_pools_and_is_restored_from_a_dump(
    postgres: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, client = postgres
    home = Home(tmp_path / "home")
    monkeypatch.setenv("DAGSTER_PG_URL", f"{address}runs")
    with open_instance(home, Limits(memory_gb=0.001)) as instance:
        run = dg.materialize([documents], partition_key="2019", instance=instance).run_id
        assert {limit.name: limit.limit for limit in instance.event_log_storage.get_pool_limits()} == {
            "memory": usable_cores(),
            "warehouse": 1,
        }
    assert not list(home.dagster().rglob("*.db"))
    assert "@" not in (home.dagster() / "dagster.yaml").read_text(encoding="utf-8").split("storage:")[1]

    dump = tmp_path / "runs.dump"
    subprocess.run(["pg_dump", *client, "-Fc", "-f", str(dump), "runs"], check=True)
    subprocess.run(["createdb", *client, "restored"], check=True)
    subprocess.run(["pg_restore", *client, "-d", "restored", str(dump)], check=True)
    monkeypatch.setenv("DAGSTER_PG_URL", f"{address}restored")
    with open_instance(home) as instance:
        (found,) = latest(instance, 5)
        assert (found.run_id, found.state, found.rows) == (run, "success", 7)


def test_visitors_look_and_start_nothing(tmp_path: Path) -> None:
    """The read-only interface answers, and refuses to launch."""
    import json
    import time
    from urllib.request import Request, urlopen

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "workspace").mkdir()
    command = [
        str(Path(sys.executable).parent / "stclusters"), "ui", "--home", str(tmp_path), "--read-only", "--port", str(port),
    ]  # fmt: skip
    server = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        address = f"http://127.0.0.1:{port}/graphql"
        query = {"query": "{ permissions { permission value } }"}
        deadline = time.monotonic() + 90
        while True:
            try:
                request = Request(address, json.dumps(query).encode(), {"Content-Type": "application/json"})
                with urlopen(request, timeout=30) as answer:
                    told = json.loads(answer.read())
                break
            except OSError:
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
                assert time.monotonic() < deadline, "the interface did not come up"
                time.sleep(0.5)
        granted = {row["permission"] for row in told["data"]["permissions"] if row["value"]}
        assert not any("launch" in name or "wipe" in name or "delete" in name for name in granted), granted
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_an_interface_whose_machine_slept_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's code server gives its parent half a minute, and nothing starts it anew (seen by stopping its processes)."""
    started: list[str] = []
    monkeypatch.setattr("os.execv", lambda _, arguments: started.extend(arguments))
    monkeypatch.chdir(tmp_path)
    asked = ["--home", str(tmp_path), "--editions", str(ROOT / "editions.yaml"), "--port", "3999"]
    with patch.dict(os.environ):
        os.environ.pop("DAGSTER_GRPC_PROXY_HEARTBEAT_TTL_SECONDS", None)
        told = CliRunner().invoke(ui, asked)
        assert told.exit_code == 0, told.output
        assert os.environ["DAGSTER_GRPC_PROXY_HEARTBEAT_TTL_SECONDS"] == "900"
    assert started[1:] == ["dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", "3999"]
