"""A run again: on what was known then, by the policy and the rules that it followed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest.known_at import copy_known_at, load_known_at
from graphchannel.policy import policy_from_text
from graphchannel.rules.catalogue import stored_catalogue
from graphchannel.runs.checksum import checksum
from graphchannel.runs.record import result_hash
from graphchannel.version import __version__
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphchannel.findings import ScanResult
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.runs.model import Run
    from graphchannel.workspace import Workspace

__all__ = [
    "Verification",
    "catalogue_of_run",
    "check_repeatable",
    "options_of",
    "repeated",
    "verify_run",
]


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a run when it was repeated.

    `rows` tells whether the rows that were known then are the same, `findings` whether what is
    found in them is, byte by byte; `differing` are the rules of which another number of findings is
    open. `tool` is the version that made the run, if it is not this one.
    """

    run: Run
    rows: bool
    findings: bool
    differing: Mapping[str, tuple[int, int]]
    tool: str | None

    @property
    def same(self) -> bool:
        """Whether the run can be repeated to the byte."""
        return self.rows and self.findings


def catalogue_of_run(run: Run, texts: Mapping[str, str]) -> Catalogue:
    """Return the policy and the rules that a run followed. Raises InputError if one is lost."""
    try:
        policy = policy_from_text(texts[run.manifest["policy"]["hash"]])
        rules = {name: texts[rule["hash"]] for name, rule in run.manifest["rules"].items()}
    except KeyError as error:
        raise InputError(
            f"Run {run.id} cannot be repeated: the workspace lacks a text that it followed."
        ) from error
    return stored_catalogue(policy, rules)


def options_of(run: Run) -> ScanOptions:
    """Return what a run looked at; its rules are chosen already."""
    filters: Mapping[str, Any] = run.manifest["filters"]
    return ScanOptions(
        as_of=run.as_of,
        since=_day(filters.get("since")),
        until=_day(filters.get("until")),
        product=filters.get("product"),
        partner=filters.get("partner"),
        country=filters.get("country"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def check_repeatable(path: Path, run: Run) -> None:
    """Raise InputError where what a run knew was purged."""
    with open_workspace(path) as workspace:
        load_known_at(workspace, str(run.load))


@contextmanager
def repeated(
    path: Path, run: Run, texts: Mapping[str, str]
) -> Iterator[tuple[Workspace, ScanResult]]:
    """Scan again what a run scanned, in a copy of the workspace at `path`. Raises InputError."""
    check_repeatable(path, run)
    catalogue = catalogue_of_run(run, texts)
    with (
        copy_known_at(path, catalogue.policy, run.load) as copy,
        scan(copy, catalogue, options_of(run)) as result,
    ):
        yield copy, result


def verify_run(path: Path, run: Run, texts: Mapping[str, str]) -> Verification:
    """Repeat a run, and compare the rows and what is found in them. Raises InputError."""
    with repeated(path, run, texts) as (copy, result):
        rows = checksum(copy.connection, run.load).digest == run.manifest["workspace"]
        with result.session.reading() as connection:
            same = result_hash(connection, result) == run.result["hash"]
        was = run.manifest["counts"]
        now = {one.id: one.findings - one.waived for one in result.outcomes}
        differing = {
            name: (was.get(name, 0), now.get(name, 0))
            for name in sorted({*was, *now})
            if was.get(name, 0) != now.get(name, 0)
        }
    tool = run.manifest["tool"]
    return Verification(run, rows, same, differing, tool if tool != __version__ else None)
