"""Change a room's code a little, many times, and say which changes its tests notice.

`python -m scripts.mutants --sample 100 --seed 1 compiler` draws changes at random and tries one
after the other on the room's tests, up to the first that fails; it prints each, and a table at the
end. It works in a copy of the files that git knows, and needs no further library.

What is changed: a comparison (`<` to `<=`, `==` to `!=`), a condition that then always or never
holds, `and` to `or`, a `not` that is dropped, a sum, difference, product, quotient or remainder, a
number (one more), a truth value (the other one), a returned value (none; of what tells true from
false, the opposite).

What is left alone, since no behaviour or only its wording hangs on it: texts and docstrings, what
is within `raise`, decorators such as `@dataclass(frozen=True)`, annotations, `__all__` and other
dunder names, blocks under `TYPE_CHECKING` and under `__main__`, what stands within an f-string.

A change without an effect (an equivalent one) survives as well: judge each survivor, it is either
that or a missing case. One is named by its place and what becomes of it, which `--only` takes.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.mutations import Mutant, mutants_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 8 << 30  # bytes of addresses: a loop that never ends must not take the machine


@dataclass(frozen=True, slots=True)
class Room:
    """A package and the tests of it that are quick, those first that likely fail first.

    `slow` are files that are left out, but where one is a module's own.
    """

    package: str
    tests: tuple[str, ...]
    slow: tuple[str, ...] = ()


ROOMS = {
    "compiler": Room(
        "graphchannel/compiler",
        (
            "tests/compiler/test_examples_duckdb.py",
            "tests/compiler/test_refused.py",
            "tests/compiler/test_accepted.py",
            "tests/compiler",
        ),
        slow=(
            "tests/compiler/questions/test_questions.py",
            "tests/compiler/syntax/test_parser.py",
            "tests/compiler/test_agreement.py",
            "tests/compiler/test_alternatives.py",
            "tests/compiler/test_decorrelation.py",
            "tests/compiler/test_examples_spark.py",
            "tests/compiler/test_limits.py",
            "tests/compiler/test_walks.py",
        ),
    ),
    "ingest": Room("graphchannel/ingest", ("tests/ingest", "tests/loaders")),
    "findings": Room(
        "graphchannel/findings",
        (
            "tests/findings",
            "tests/cli/test_scan.py",
            "tests/cli/test_certainty.py",
            "tests/cli/test_partner.py",
            "tests/channel/test_channel.py",
            "tests/worklist",
            "tests/runs",
        ),
    ),
}


def tests_of(module: str, room: Room) -> list[str]:
    """Return the files of a room's quick tests: a module's own first, then those that mirror it."""
    mirror = Path("tests", *Path(module).relative_to("graphchannel").parts)
    wholly = mirror.parent == Path("tests", Path(room.package).name)  # it has an order of its own
    files: dict[str, None] = {}
    for wanted in (*(() if wholly else (mirror.parent,)), *map(Path, room.tests)):
        inside = sorted((ROOT / wanted).rglob("test_*.py"))
        found = inside if (ROOT / wanted).is_dir() else [ROOT / wanted]
        files.update({str(one.relative_to(ROOT)): None for one in found if one.is_file()})
    own = [one for one in files if Path(one).name == f"test_{mirror.name}"]
    quick = [one for one in files if one not in room.slow and one not in own]
    return [*own, *quick]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What tests said of one change: `noticed` names what failed, empty when nothing did."""

    noticed: str
    seconds: float


def tried(tree: Path, tests: Sequence[str], seconds: float) -> Outcome:
    """Run tests in a tree up to the first that fails; what takes longer than `seconds` fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own tests
        [*command, "--tb=no", *tests],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        preexec_fn=_limit_memory,  # noqa: PLW1509 - this process has one thread
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Outcome("took too long", time.monotonic() - started)
    took = time.monotonic() - started
    if process.returncode == 0:
        return Outcome("", took)
    failed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return Outcome((failed or [f"exit {process.returncode}"])[0], took)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def copy_of_tree(target: Path) -> None:
    """Copy the files that git knows, as they are now."""
    command = ["git", "ls-files", "-z"]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own files
    for name in filter(None, run.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def tried_on(tree: Path, mutant: Mutant, tests: Sequence[str], seconds: float) -> Outcome:
    """Make one change in a tree, run tests, and take the change back."""
    path = tree / mutant.module
    content = path.read_bytes()
    compiled = Path(importlib.util.cache_from_source(str(path)))
    # Compiled code is known by its source's second and size, which a change may keep.
    compiled.unlink(missing_ok=True)
    try:
        path.write_bytes(content[: mutant.start] + mutant.new.encode() + content[mutant.end :])
        return tried(tree, tests, seconds)
    finally:
        path.write_bytes(content)
        compiled.unlink(missing_ok=True)


def drawn(room: Room, sample: int, seed: int, only: str) -> list[Mutant]:
    """Return so many of a room's changes, or all whose text has `only` in it."""
    every = [
        mutant
        for path in sorted((ROOT / room.package).rglob("*.py"))
        for mutant in mutants_of(str(path.relative_to(ROOT)), path.read_text("utf-8"))
    ]
    if only:
        return [mutant for mutant in every if only in str(mutant)]
    draw = random.Random(seed)  # noqa: S311 - the same changes each time, no secret
    chosen = draw.sample(range(len(every)), min(sample, len(every)))
    return [every[place] for place in sorted(chosen)]


def main() -> None:
    """Try changes of a room and print what came of each, then a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument("--sample", type=int, default=100, help="how many changes are drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="all changes with this text in them")
    parser.add_argument("--list", action="store_true", help="print the changes and try none")
    asked = parser.parse_args()
    room = ROOMS[asked.room]
    mutants = drawn(room, asked.sample, asked.seed, asked.only)
    if asked.list:
        print("\n".join(map(str, mutants)))
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_of_tree(tree)
        unchanged = tried(tree, tests_of(f"{room.package}/any.py", room), 3600)
        if unchanged.noticed:
            sys.exit(f"Without a change already: {unchanged.noticed}")
        print(f"Without a change, tests take {unchanged.seconds:.0f} s.", flush=True)
        survived: list[Mutant] = []
        for mutant in mutants:
            tests = tests_of(mutant.module, room)
            outcome = tried_on(tree, mutant, tests, 60 + 4 * unchanged.seconds)
            survived += [] if outcome.noticed else [mutant]
            said = "killed  " if outcome.noticed else "SURVIVED"
            print(f"{said} {outcome.seconds:4.0f} s  {mutant}  {outcome.noticed[:160]}", flush=True)
    print(table(mutants, survived))


def table(mutants: Sequence[Mutant], survived: Sequence[Mutant]) -> str:
    """Return how many changes of each module were noticed, as a table in Markdown."""
    tries, left = (Counter(one.module for one in some) for some in (mutants, survived))
    rows = [(module, count, count - left[module]) for module, count in sorted(tries.items())]
    rows.append(("together", len(mutants), len(mutants) - len(survived)))
    lines = ["| module | changes | noticed | % |", "|---|---|---|---|"]
    lines += [f"| {m} | {n} | {k} | {100 * k / max(n, 1):.0f} |" for m, n, k in rows]
    return "\n".join(["", *lines])


if __name__ == "__main__":
    main()
