"""Two runs compared, finding by finding, each change with what caused it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from graphchannel.errors import InputError
from graphchannel.findings.change import FindingTally, changed
from graphchannel.policy import Tolerance
from graphchannel.runs.causes import CauseFinder, Moment
from graphchannel.runs.evidence import Cause, explained
from graphchannel.runs.repeat import catalogue_of_run, check_repeatable, options_of, repeated
from graphchannel.runs.states import FindingState, scanned_states
from graphchannel.runs.world import opened_world
from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphchannel.policy import Severity
    from graphchannel.runs.model import Run

    States = Mapping[str, FindingState]

__all__ = ["CHANGED", "FindingDiff", "RunDiff", "compare_runs"]

Changed = Literal["new", "grown", "reopened", "shrunk", "waived", "gone"]
CHANGED: tuple[Changed, ...] = ("new", "grown", "reopened", "shrunk", "waived", "gone")
_FILTERS = ("since", "until", "product", "partner", "country")


@dataclass(frozen=True, slots=True)
class FindingDiff:
    """A finding that one run has otherwise than the other; figures are None where it is not there.

    `causes` are all that made the difference.
    """

    fingerprint: str
    rule: str
    severity: Severity
    subject: str
    object: str | None
    change: Changed
    before: FindingTally | None
    after: FindingTally | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class RunDiff(Tabular):
    """What is different from one run to another: findings by severity, rule, subject and object.

    `unchanged` counts the open findings that are as they were. `edits` says what was edited in
    policy and rules, `unjudged` which rules one of the runs did not evaluate, with its number.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "change", "severity", "rule", "subject", "object", "lines_before", "lines_after", "causes",
        "fingerprint",
    )  # fmt: skip

    before: Run
    after: Run
    findings: tuple[FindingDiff, ...]
    unchanged: int
    unjudged: tuple[tuple[str, int], ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the findings that changed."""
        for one in self.findings:
            yield {
                "change": one.change,
                "severity": one.severity,
                "rule": one.rule,
                "subject": one.subject,
                "object": one.object,
                "lines_before": one.before.lines if one.before else None,
                "lines_after": one.after.lines if one.after else None,
                "causes": [cause.kind for cause in one.causes],
                "fingerprint": one.fingerprint,
            }


def compare_runs(
    path: Path,
    runs: tuple[Run, Run],
    kept: tuple[States | None, States | None],
    texts: Mapping[str, str],
) -> RunDiff:
    """Compare two runs of the workspace at `path`, the earlier first.

    `kept` are their findings where they are known. Raises InputError for runs that looked at
    different things, and for one that cannot be repeated.
    """
    _refuse_other_filters(*runs)
    states = [
        found if found is not None else _again(path, run, texts)
        for run, found in zip(runs, kept, strict=True)
    ]
    changes = _changes(*states)
    causes: Mapping[str, tuple[Cause, ...]] = {}
    if changes:
        causes = _causes(path, runs, (states[0], states[1]), changes, texts)
    same = sum(1 for name, one in states[1].items() if not one.waived and name not in changes)
    return RunDiff(
        *runs, _differences(runs, states, changes, causes), same, tuple(_unjudged(*runs))
    )


def _again(path: Path, run: Run, texts: Mapping[str, str]) -> States:
    with repeated(path, run, texts) as (_, result):
        return scanned_states(result)


def _refuse_other_filters(before: Run, after: Run) -> None:
    for name in _FILTERS:
        was, now = (run.manifest["filters"].get(name) for run in (before, after))
        if was != now:
            said = [f"--{name} {value}" if value else f"no --{name}" for value in (was, now)]
            raise InputError(
                f"Runs {before.number} and {after.number} looked at different findings "
                f"({said[0]}, then {said[1]}); compare runs with the same filters."
            )


def _changes(before: States, after: States) -> dict[str, Changed]:
    found: dict[str, Changed] = {}
    for name in sorted({*before, *after}):
        change = _change(before.get(name), after.get(name))
        if change is not None:
            found[name] = change
    return found


def _change(was: FindingState | None, now: FindingState | None) -> Changed | None:
    if now is None:
        return "gone" if was is not None and not was.waived else None
    if was is None or was.waived:
        return None if now.waived else "new" if was is None else "reopened"
    if now.waived:
        return "waived"
    change = changed(was.tally, now.tally, Tolerance())
    return change if change in ("grown", "shrunk") else None


def _causes(
    path: Path,
    runs: tuple[Run, Run],
    states: tuple[States, States],
    changes: Mapping[str, Changed],
    texts: Mapping[str, str],
) -> dict[str, tuple[Cause, ...]]:
    """Find the causes of all changes, and what rows they are."""
    for run in runs:
        check_repeatable(path, run)
    before, after = (
        Moment(catalogue_of_run(run, texts), options_of(run), run.as_of, state)
        for run, state in zip(runs, states, strict=True)
    )
    numbers = {name for name, change in changes.items() if change in ("grown", "shrunk")}
    with opened_world(path, after.catalogue.policy, runs[0].load, runs[1].load) as world:
        finder = CauseFinder.between(world, before, after)
        found = finder.causes(changes.keys(), numbers)
        return explained(world, before, after, found)


def _differences(
    runs: tuple[Run, Run],
    states: list[States],
    changes: Mapping[str, Changed],
    causes: Mapping[str, tuple[Cause, ...]],
) -> tuple[FindingDiff, ...]:
    found = []
    for name, change in changes.items():
        was, now = states[0].get(name), states[1].get(name)
        one = now or states[0][name]
        rules = runs[1 if now else 0].manifest["rules"]
        found.append(
            FindingDiff(
                name,
                one.rule,
                rules[one.rule]["severity"],
                one.subject,
                one.object,
                change,
                was.tally if was else None,
                now.tally if now else None,
                causes[name],
            )
        )
    return tuple(sorted(found, key=_order))


def _order(one: FindingDiff) -> tuple[object, ...]:
    rank = ("critical", "high", "medium", "low", "info").index(one.severity)
    return CHANGED.index(one.change), rank, one.rule, one.subject, one.object or ""


def _unjudged(before: Run, after: Run) -> Iterator[tuple[str, int]]:
    """Yield rules that one of the runs evaluated and the other did not, with that one's number."""
    was, now = before.statuses, after.statuses
    for name in sorted({*was, *now}):
        judged = [statuses.get(name) == "evaluated" for statuses in (was, now)]
        if judged[0] != judged[1]:
            yield name, (after if judged[0] else before).number
