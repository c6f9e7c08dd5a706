"""The cases of the shipped rules: read from YAML, loaded, scanned, and compared.

A case starts from the network of `base.yaml`. `given` adds rows, or changes those with the same
key; `without` leaves out the rows that have the given values. `findings` is all that the rule
finds, in full; a case whose name begins with `silent_` finds nothing, though the rule is evaluated.

All cases that share a policy are loaded at once, each with a prefix of its own before every id: a
few loads and scans instead of hundreds, and nothing that a case does reaches another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from graphchannel.errors import did_you_mean
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.schema import TABLES
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from graphchannel.findings import Finding
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace

FOLDER = Path(__file__).resolve().parent
CATALOGUE = load_catalogue(pack())

Rows = dict[str, list[dict[str, Any]]]
# What a finding of the case files has unless it says otherwise: that of a rule over nodes.
_OF_NODES: Mapping[str, Any] = MappingProxyType(
    {"object": None, "lines": 0, "quantity": 0, "amount": {}, "first": None, "last": None}
)


@dataclass(frozen=True, slots=True)
class Case:
    """One named case of a rule; `tables` is the whole network that it is about."""

    rule: str
    name: str
    as_of: date
    tables: Rows
    given: Rows
    without: Rows
    findings: tuple[Mapping[str, Any], ...]
    status: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fires(self) -> bool:
        """Whether the rule finds something, by the case's name."""
        return self.name.startswith("fires_")


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases in one workspace, in the order of their prefixes."""

    cases: tuple[Case, ...]
    workspace: Workspace
    catalogue: Catalogue
    as_of: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan made of a case."""

    status: str
    findings: tuple[Mapping[str, Any], ...]


def read_cases(rule: str, folder: Path = FOLDER) -> list[Case]:
    """Return the cases of a rule, in the order of its file; none where there is no file."""
    path = folder / f"{rule}.yaml"
    if not path.exists():
        return []
    return [_case(rule, name, entry) for name, entry in _yaml(path).items()]


def base_network() -> Case:
    """Return the base network as a case that finds nothing."""
    return _case("", "silent_base", {})


def batches(cases: Iterable[Case], catalogue: Catalogue = CATALOGUE) -> list[Batch]:
    """Load cases together that share policy and as-of day."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(repr((case.as_of, sorted(case.parameters.items()))), []).append(case)
    return [_batch(group, catalogue) for group in groups.values()]


def outcomes(batch: Batch) -> dict[tuple[str, str], Outcome]:
    """Scan a batch; return what became of each case by its rule and name.

    What other rules find in a case's network is left out.
    """
    result = scan(batch.workspace, batch.catalogue, ScanOptions(as_of=batch.as_of))
    statuses = {outcome.id: (outcome.status, outcome.reason) for outcome in result.outcomes}
    found: list[list[Mapping[str, Any]]] = [[] for _ in batch.cases]
    for finding in result.findings():
        number, rest = split(finding.subject.id)
        if finding.rule == batch.cases[number].rule:
            found[number].append(_plain(finding, prefix(number), rest))
    return {
        (case.rule, case.name): Outcome(
            _status(statuses[case.rule]), tuple(sorted(rows, key=_place))
        )
        for case, rows in zip(batch.cases, found, strict=True)
    }


def expected(case: Case) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of a case file in full, in the order in which `outcomes` has them."""
    rows = [dict(_OF_NODES) | _as_text(finding) for finding in case.findings]
    return tuple(sorted(rows, key=_place))


def seen(finding: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of a finding, but of its evidence only what `wanted` speaks of."""
    rows = finding["evidence"]
    kept = {key: value for key, value in finding.items() if key != "evidence"}
    if "evidence" not in wanted:
        return kept
    if finding["lines"]:
        return kept | {"evidence": [row["shipment"] for row in rows]}
    stated = [set(row) for row in wanted["evidence"]]
    return kept | {
        "evidence": [
            {key: value for key, value in row.items() if key in keys}
            for row, keys in zip(rows, stated + [set[str]()] * len(rows), strict=False)
        ]
    }


def prefix(number: int) -> str:
    """Return what stands before every id of the case of that number; such an id is plain."""
    return f"q{number}_"


def is_prefixed(id_: str) -> bool:
    """Tell whether an id is of one case; the others are of all."""
    return re.match(r"q\d+_", id_) is not None


def split(id_: str) -> tuple[int, str]:
    """Return the number of the case and the id that its file knows."""
    number, rest = id_.split("_", 1)
    return int(number.removeprefix("q")), rest


def with_parameters(policy: Policy, values: Mapping[str, Any]) -> Policy:
    """Return the policy with other values of its parameters."""
    changed = {
        name: replace(
            policy.parameters[name], value=tuple(value) if isinstance(value, list) else value
        )
        for name, value in values.items()
    }
    return replace(policy, parameters=MappingProxyType({**policy.parameters, **changed}))


@cache
def _yaml(path: Path) -> dict[str, Any]:
    """Read a file, with the fast parser where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document: dict[str, Any] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - it is safe
    except yaml.YAMLError as error:
        message = f"{path}: this is no YAML: {error}"
        raise ValueError(message) from error
    return document


def _case(rule: str, name: str, entry: dict[str, Any]) -> Case:
    base = _yaml(FOLDER / "base.yaml")
    unknown = set(entry) - {"as_of", "given", "without", "findings", "parameters", "status"}
    if unknown:
        message = f"{rule}: {name}: unknown keys {sorted(unknown)}"
        raise ValueError(message)
    given, without = entry.get("given", {}), entry.get("without", {})
    for rows in (given, without):
        _check_columns(rows, f"{rule}: {name}")
    return Case(
        rule=rule,
        name=name,
        as_of=entry.get("as_of", base["as_of"]),
        tables=_network(base, given, without, f"{rule}: {name}"),
        given=given,
        without=without,
        findings=tuple(entry.get("findings", ())),
        status=entry.get("status", "evaluated"),
        parameters=entry.get("parameters", {}),
    )


def _check_columns(rows: Rows, where: str) -> None:
    """Refuse tables and columns that there are not: ValueError with the nearest name."""
    for name, entries in rows.items():
        if name not in _COLUMNS:
            message = f"{where}: there is no table '{name}'.{did_you_mean(name, _COLUMNS)}"
            raise ValueError(message)
        for column in (column for entry in entries for column in entry):
            if column not in _COLUMNS[name]:
                hint = did_you_mean(column, _COLUMNS[name])
                message = f"{where}: {name} have no column '{column}'.{hint}"
                raise ValueError(message)


def _network(base: dict[str, Any], given: Rows, without: Rows, where: str) -> Rows:
    """Return the base network as the case changes it; a row left out in vain is a ValueError."""
    network: Rows = {}
    for table in TABLES:
        defaults = base["defaults"].get(table.name, {})
        rows = [defaults | row for row in base["tables"].get(table.name, [])]
        for pattern in without.get(table.name, []):
            kept = [row for row in rows if not pattern.items() <= row.items()]
            if len(kept) == len(rows):
                message = f"{where}: no row of {table.name} is like {pattern}"
                raise ValueError(message)
            rows = kept
        for row in given.get(table.name, []):
            key = {name: (defaults | row).get(name) for name in table.key}
            same = [i for i, old in enumerate(rows) if all(old.get(n) == v for n, v in key.items())]
            if same:
                rows[same[0]] = rows[same[0]] | row
            else:
                rows.append(defaults | row)
        network[table.name] = rows
    return network


def _batch(cases: Sequence[Case], catalogue: Catalogue) -> Batch:
    policy = with_parameters(catalogue.policy, cases[0].parameters)
    rules = catalogue.select(sorted({case.rule for case in cases} - {""}))
    tables: Rows = {table.name: [] for table in TABLES}
    for number, case in enumerate(cases):
        for name, rows in case.tables.items():
            tables[name].extend(_prefixed(name, row, prefix(number)) for row in rows)
    workspace = create_workspace(None, policy)
    report = load_rows(workspace, {name: rows for name, rows in tables.items() if rows}, policy)
    if report.rejected or report.unchanged or report.corrected:
        rejected = workspace.connection.execute("SELECT reason, raw FROM admin.rejects").fetchall()
        message = "\n".join(_told(reason, raw, cases) for reason, raw in rejected)
        raise ValueError(message or "rows of the cases were not added as they stand")
    return Batch(tuple(cases), workspace, replace(rules, policy=policy), cases[0].as_of)


def _told(reason: str, raw: str, cases: Sequence[Case]) -> str:
    """Say which case a rejected row is of, and why it was rejected, without the prefix."""
    match = re.search(r"\bq(\d+)_", raw)
    if match is None:
        return f"{reason} {raw}"
    case = cases[int(match[1])]
    return f"{case.rule}: {case.name}: {reason} {raw}".replace(match[0], "")


_COLUMNS = MappingProxyType(
    {table.name: [column.name for column in table.columns] for table in TABLES}
)
_IDS = MappingProxyType(
    {
        table.name: frozenset(
            column.name
            for column in table.columns
            if column.references or column.name in ("id", "group_id", "subject_id", "object_id")
        )
        for table in TABLES
    }
)


def _prefixed(table: str, row: Mapping[str, Any], before: str) -> dict[str, Any]:
    return {
        name: before + value if name in _IDS[table] and value is not None else value
        for name, value in row.items()
    }


def _plain(finding: Finding, before: str, subject: str) -> dict[str, Any]:
    """Return a finding in the words of the case files, without the prefix."""
    return {
        "subject": subject,
        "object": finding.object.id.removeprefix(before) if finding.object else None,
        "lines": finding.lines,
        "quantity": finding.quantity,
        "amount": {name: f"{value:.2f}" for name, value in finding.amount.items()},
        "first": _text(finding.first),
        "last": _text(finding.last),
        "message": finding.message.replace(before, ""),
        "evidence": [
            {
                key: value.replace(before, "") if isinstance(value, str) else _text(value)
                for key, value in row.items()
            }
            for row in finding.evidence
        ],
        **{
            key: _text(value).replace(before, "") if isinstance(value, str) else _text(value)
            for key, value in finding.identity.items()
        },
    }


def _place(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what findings are put in order by, here and in the case files."""
    extra = sorted(set(finding) - set(_OF_NODES) - {"subject", "message", "evidence"})
    return (finding["subject"], finding["object"] or "", *(finding[name] for name in extra))


def _as_text(value: Any) -> Any:
    """Return what YAML read with its dates as text."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return _text(value)


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _status(status: tuple[str, str | None]) -> str:
    """Return a rule's status, with the reason where it is an error."""
    name, reason = status
    return f"{name}: {reason}" if name == "error" else name
