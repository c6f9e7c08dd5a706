"""What a cause consists of: which rows changed, by which load and whose file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.findings.judged_by import parameter_edits
from graphchannel.runs.kinds import KINDS, TABLES_OF, WORDS
from graphchannel.text import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from graphchannel.runs.causes import Moment
    from graphchannel.runs.kinds import Kind
    from graphchannel.runs.states import FindingState
    from graphchannel.runs.world import World

__all__ = ["Cause", "explained"]

_OF_LINES = frozenset({"lines", "correction", "withdrawal"})


@dataclass(frozen=True, slots=True)
class Cause:
    """What made a finding another: a kind of input, and what of it concerns the finding.

    `rows` are the changed rows that name its subject or object, by table and key; none where the
    change reaches it through others. `loads` brought or ended them, from `files`.
    """

    kind: Kind
    rows: tuple[str, ...] = ()
    loads: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    about: str = ""

    def __str__(self) -> str:
        parts = [listed(self.rows)] if self.rows else []
        if self.about:
            parts.append(self.about)
        if self.loads:
            numbers = ", ".join(str(load) for load in self.loads)
            said = f"load {numbers}" if len(self.loads) == 1 else f"loads {numbers}"
            parts.append(f"{said}, {listed(self.files)}" if self.files else said)
        return f"{WORDS[self.kind]}: {'; '.join(parts)}" if parts else WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class _ChangedRow:
    """A changed row: its table and key as text, who is in it, and the load that changed it."""

    text: str
    names: frozenset[str]
    load: int


def explained(
    world: World, before: Moment, after: Moment, found: Mapping[str, AbstractSet[Kind]]
) -> dict[str, tuple[Cause, ...]]:
    """Return the causes of each finding with what they consist of."""
    rows = _changed_rows(world)
    files = _files(world)
    said = {
        "as_of": f"{before.as_of} → {after.as_of}",
        "policy": listed(list(parameter_edits(before.catalogue.policy, after.catalogue.policy))),
    }
    return {
        name: tuple(
            _cause(kind, after.states.get(name) or before.states[name], rows, files, said)
            for kind in KINDS
            if kind in kinds
        )
        for name, kinds in found.items()
    }


def _cause(
    kind: Kind,
    finding: FindingState,
    rows: Mapping[Kind, Mapping[str, list[_ChangedRow]]],
    files: Mapping[tuple[int, str], tuple[str, ...]],
    said: Mapping[str, str],
) -> Cause:
    if kind in ("as_of", "policy"):
        return Cause(kind, about=said[kind])
    if kind == "rule":
        return Cause(kind, about=finding.rule)
    ends = {finding.subject, *([finding.object] if finding.object else [])}
    of_kind = rows.get(kind, {})
    by_text = {row.text: row for end in ends for row in of_kind.get(end, ())}
    concerned = list(by_text.values())
    if kind in _OF_LINES and finding.object is not None:
        both = [row for row in concerned if ends <= row.names]
        concerned = both or concerned
    loads = sorted({row.load for row in concerned})
    named = {
        name for load in loads for table in _tables(kind) for name in files.get((load, table), ())
    }
    return Cause(
        kind,
        tuple(sorted(row.text for row in concerned)),
        tuple(loads),
        tuple(sorted(named)),
    )


def _tables(kind: Kind) -> tuple[str, ...]:
    return ("shipments", "serials") if kind in _OF_LINES else TABLES_OF[kind]


def _changed_rows(world: World) -> dict[Kind, dict[str, list[_ChangedRow]]]:
    """Return the rows that differ, by kind and by whom they name."""
    found: dict[Kind, dict[str, list[_ChangedRow]]] = {}
    for name in world.changed:
        for kind, row in _rows(world, name):
            by_name = found.setdefault(kind, {})
            for one in row.names:
                by_name.setdefault(one, []).append(row)
    return found


def _rows(world: World, name: str) -> Iterator[tuple[Kind, _ChangedRow]]:
    from graphchannel.schema import table  # noqa: PLC0415 - its name

    one = table(name)
    named = [
        column.name for column in one.columns if column.references or column.name.endswith("_id")
    ]
    named += [column for column in one.key if column == "id"]
    names = ", ".join(quoted(column) for column in dict.fromkeys(named)) or "NULL"
    key = ", ".join(f"{quoted(part)}::VARCHAR" for part in one.key)
    for side in ("after", "before"):
        rows: list[tuple[Any, ...]] = world.workspace.connection.execute(
            f"""SELECT _kind, concat_ws(' ', {key}), [{names}], _load
                FROM change.{side}_{name} WHERE NOT (_kind = 'correction' AND '{side}' = 'before')
                ORDER BY ALL"""
        ).fetchall()
        for kind, text, ids, load in rows:
            shown = text if name == "shipments" else f"{name} {text}"
            yield kind, _ChangedRow(shown, frozenset(id_ for id_ in ids if id_ is not None), load)


def _files(world: World) -> dict[tuple[int, str], tuple[str, ...]]:
    """Return the files of each load, by load and table."""
    rows = world.workspace.connection.execute(
        'SELECT load, "table", list(DISTINCT file ORDER BY file) FROM admin.files GROUP BY ALL'
    ).fetchall()
    return {(load, table): tuple(files) for load, table, files in rows}
