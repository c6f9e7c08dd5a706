"""How a command ends: Ctrl-C, a full or closed standard output, damage, a full disk."""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.channel.health import workspace_health
from tests.full_disk import no_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

    from tests.cli.conftest import Desk

DAMAGES = int(os.environ.get("GRAPHCHANNEL_DAMAGES", "12"))
RUNAWAY = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 9) AS c "
# Started from a program, as by cron: Python has the default action for Ctrl-C there.
START = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
PROGRAM = [sys.executable, "-c", f"{START}from graphchannel.cli import main; main()"]


def test_ctrl_c_and_sigterm_end_at_once(desk: Desk) -> None:
    """Neither a sum that takes long nor rows that come slowly are waited for."""
    ended_by_signal(desk, "RETURN sum(a * b % 7) AS n", signal.SIGINT)
    ended_by_signal(
        desk, "WITH a, b WHERE a % 977 = 976 AND b % 977 = 1 RETURN a + b AS n", signal.SIGTERM
    )


def ended_by_signal(
    desk: Desk, end: str, sent: signal.Signals, program: Sequence[str] = PROGRAM
) -> None:
    with subprocess.Popen(
        [*program, "query", f"{RUNAWAY}{end}"],
        cwd=desk.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        time.sleep(2.5)
        assert process.poll() is None
        process.send_signal(sent)
        begun = time.monotonic()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 128 + sent, errors
    assert time.monotonic() - begun < 4
    assert "Traceback" not in errors


def test_threads_of_libraries_are_not_waited_for(desk: Desk) -> None:
    """Clients of servers have some that go on trying for minutes."""
    waits = "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start(); "
    program = [*PROGRAM[:2], f"{waits}{PROGRAM[2]}"]
    ended_by_signal(desk, "RETURN sum(a * b % 7) AS n", signal.SIGTERM, program)


def test_a_command_that_is_a_process_looks_seldom_for_garbage(desk: Desk) -> None:
    """Where others run the command, as in a test or a notebook, that is theirs to say."""
    before = gc.get_threshold()
    assert desk.run("--version").exit_code == 0
    assert gc.get_threshold() == before
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_threshold()[0])); "
    program = [sys.executable, "-c", f"{told}from graphchannel.cli import main; main()"]
    done = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) > 10 * before[0]


def test_a_full_or_closed_standard_output_is_a_failure(desk: Desk) -> None:
    """Neither success nor, as the interpreter has it, the 1 of findings."""
    program = [sys.executable, "-m", "graphchannel"]
    for arguments in (("--help",), ("scan", "--pack", "pack", "--format", "json")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*program, *arguments],
                cwd=desk.folder,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, "No space left" in done.stderr) == (2, True)
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *program, "status"],
        cwd=desk.folder,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert closed.returncode == 2
    assert closed.stderr.startswith("graphchannel: standard output is closed")


WRITERS = (
    "scan --pack pack --format json --output old",
    "scan --pack pack --format sarif --output old",
    "scan --pack pack --format xlsx --output old",
    "query RETURN\u00a0'somewhat\u00a0long'\u00a0AS\u00a0x --format csv --output old",
    "rejects --export old",
    "publish --offline import",
    "template import --force",
    "policy show --format svg --output old",
)


def test_on_a_full_disk_the_old_file_stays(desk: Desk) -> None:
    old, folder = desk.folder / "old", desk.folder / "import"
    old.write_text("old")
    folder.mkdir()
    (folder / "import.sh").write_text("old")
    (folder / "partners.csv").write_text("old")
    for command in WRITERS:
        with no_room(10):
            result = desk.run(*command.split(" "))
        told_once(result)
        assert "large" in result.stderr or "disk is full" in result.stderr
        assert old.read_text() == "old"
        held = {file.name: file.read_text() for file in folder.iterdir()}
        assert held == {"import.sh": "old", "partners.csv": "old"}
        assert not list(desk.folder.glob(".*.part"))


def told_once(result: Result) -> None:
    """Say that the command failed in one sentence."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.stderr
    assert "fault of graphchannel" not in result.stderr
    assert result.stderr.count("graphchannel: ") == 1


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Cut a file, flip bits of it, or write zeros over a part."""
    place = draw.randrange(13, len(content))
    match draw.randrange(3):
        case 0:
            return content[:place]
        case 1:
            changed = bytearray(content)
            for _ in range(draw.choice((1, 20))):
                changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
            return bytes(changed)
        case _:
            return content[:place] + bytes(8192) + content[place + 8192 :]


def test_a_damaged_workspace_is_told_of_in_a_sentence(desk: Desk) -> None:
    draw = random.Random(11)  # noqa: S311 - damage, not secrets
    file = desk.folder / "channel.duckdb"
    whole = file.read_bytes()
    told = 0
    for _ in range(DAMAGES):
        file.write_bytes(damaged(whole, draw))
        result = desk.run("status")
        if result.exit_code:
            told_once(result)
            told += 1
        assert workspace_health(file).state in {"healthy", "damaged", "foreign", "outdated"}
    assert told > DAMAGES // 4
    file.write_bytes(whole)
    assert workspace_health(file).state == "healthy"
    assert desk.run("status").exit_code == 0


def test_places_that_cannot_be_are_told_of_in_a_sentence(desk: Desk) -> None:
    home = desk.folder / "~"
    home.mkdir()
    (home / "regions.csv").write_text("id,name\nX1,Somewhere\n")
    os.mkfifo(desk.folder / "pipe")
    os.mkfifo(desk.folder / "pack" / "supply" / "pipe.cypher")
    for command, said in (
        ("load -w none/new.duckdb ~/regions.csv", "none/new.duckdb: there is no folder 'none'"),
        ("load -w /proc/new.duckdb ~/regions.csv", "/proc/new.duckdb: the workspace cannot be"),
        ("scan --baseline pipe", "pipe: the baseline is no file"),
        ("simulate --scenario pipe", "it is no file"),
        ("rules check pack/supply/pipe.cypher", "there is no rule here"),
        ("status -w ~/none.duckdb", "~/none.duckdb: there is no workspace here"),
    ):
        done = desk.run(*command.split())
        assert said in done.output
        assert "Traceback" not in done.output
        assert ".part" not in done.output
        assert done.exit_code != 0
    assert desk.run("load", "~/regions.csv").exit_code == 0  # the folder, not the user's home


def test_doctor_tells_what_is_wrong_and_shows_no_secret(desk: Desk) -> None:
    env = {"NEO4J_PASSWORD": "canary", "GRAPHCHANNEL_NEO4J_URL": "bolt://ann:canary@host:7687"}
    (desk.folder / "graphchannel.toml").write_text('neo4j-url = "neo4j://ann:canary@host"\n')
    result = desk.run("doctor", "--format", "json", env=env)
    assert result.exit_code == 0, result.output
    assert "canary" not in result.output
    assert "All of it can be read" in result.output
    file = desk.folder / "channel.duckdb"
    file.write_bytes(file.read_bytes()[:500_000])
    (desk.folder / "graphchannel.toml").write_text("workspace = [")
    result = desk.run("doctor", "-w", "channel.duckdb")
    assert result.exit_code == 1
    assert "2 things wrong" in result.stdout
