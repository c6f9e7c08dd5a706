"""Write docs/policy.md and docs/rules.md from the pack's policy, clauses, rules and cases."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphchannel.policy import SEVERITIES
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.rules.header import NO_SECTION
from tests.rules.cases import read_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue, Rule
    from tests.rules.cases import Case, Rows

DOCS = Path(__file__).resolve().parent.parent / "docs"
_KEYS = {"section", "text", "rules", "measure", "allows", "unchecked", "note"}

_POLICY = """\
# {title}

The policy that the pack `{name}` encodes ({source}),
clause by clause, and what becomes of each: a rule that checks it, a figure, or the reason why no
data can tell. Clauses are in our own words; the document itself decides. Generated from
`policy.toml`, `clauses.toml` and the rules' headers (`make docs`).

Approved by: ______________________  Date: ______________
"""
_RULES = """\
# Rules

Every rule of the pack `{name}`, worst severity first, each with a case that
fires and a near miss. Generated from the rules and their cases (`make docs`);
[the policy](policy.md) says which clause asks for which rule.

A case starts from a small network that is clean under every rule (`tests/rules/base.yaml`) and
names only what it changes: rows that it adds (`+`, also a row that replaces values of one with the
same key) and rows that it leaves out (`-`). The as-of day is {as_of}. All cases are in
`tests/rules`.
"""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the policy document, and what becomes of it."""

    section: str
    text: str
    rules: tuple[str, ...]
    measure: str | None
    allows: str | None
    unchecked: str | None
    note: str | None


def read_clauses(folder: Path) -> list[Clause]:
    """Read the clauses of a pack; raise ValueError for an unknown key."""
    document = tomllib.loads((folder / "clauses.toml").read_text("utf-8"))
    clauses = []
    for entry in document["clauses"]:
        if unknown := set(entry) - _KEYS:
            message = f"clauses.toml: unknown keys {sorted(unknown)}"
            raise ValueError(message)
        named: dict[str, Any] = dict.fromkeys(_KEYS) | entry
        clauses.append(Clause(**named | {"rules": tuple(entry.get("rules", ()))}))
    return clauses


def policy_page(folder: Path) -> str:
    """Return the text of docs/policy.md for a pack."""
    catalogue = load_catalogue(folder)
    policy = catalogue.policy
    clauses = read_clauses(folder)
    named = {rule for clause in clauses for rule in clause.rules}
    parts = [
        _POLICY.format(title=policy.title, name=policy.name, source=policy.source),
        "## Clauses\n",
        *_clauses(clauses, catalogue),
        "## Roles\n",
        _table(
            ("role", "name", "supply tier", "section"),
            ((f"`{r.id}`", r.name, str(r.supply_tier), r.section) for r in policy.roles),
        ),
        "A partner that holds several roles on one day counts, on a line, as the first of them.\n",
        "## Who may supply whom\n",
        _table(("seller", "buyer", "ruling", "section", "rule"), _rulings(policy)),
        "Any other pair has no ruling.\n",
        "## What a partner in a role must offer\n",
        _table(("role", "capabilities", "section"), _obligations(policy)),
        "## Numbers\n",
        _table(("parameter", "value", "section", "meaning", "rules"), _parameters(catalogue)),
        "## Goals\n",
        "What the channel is to reach; [key figures](kpi.md) tell how far it is.\n",
        _table(("measure", "of", "value", "due", "meaning"), _goals(policy)),
        "## Rules beyond the clauses\n",
        _table(
            ("rule", "severity", "section", "about"),
            (
                (_link(rule.id), rule.severity, rule.header.section, rule.header.name)
                for rule in catalogue.rules
                if rule.id not in named
            ),
        ),
    ]
    return "\n".join(parts)


def rules_page(folder: Path) -> str:
    """Return the text of docs/rules.md for a pack."""
    catalogue = load_catalogue(folder)
    cases = {rule.id: read_cases(rule.id) for rule in catalogue.rules}
    as_of = next(case.as_of for known in cases.values() for case in known)
    parts = [_RULES.format(name=catalogue.policy.name, as_of=as_of.isoformat())]
    parts.append(
        _table(
            ("rule", "severity", "section", "about"),
            (
                (_link(r.id, page=""), r.severity, r.header.section, r.header.name)
                for r in catalogue.rules
            ),
        )
    )
    parts += [_rule(rule, cases[rule.id]) for rule in catalogue.rules]
    return "\n".join(parts)


def _clauses(clauses: Sequence[Clause], catalogue: Catalogue) -> Iterator[str]:
    severities = {rule.id: rule.severity for rule in catalogue.rules}
    for section in dict.fromkeys(clause.section for clause in clauses):
        yield f"### Section {section}\n"
        yield _table(
            ("clause", "what becomes of it", "severity"),
            (
                (clause.text, _fate(clause), _worst(severities[rule] for rule in clause.rules))
                for clause in clauses
                if clause.section == section
            ),
        )


def _fate(clause: Clause) -> str:
    parts = [_link(rule) for rule in clause.rules]
    if clause.allows:
        parts.append(f"allows `{clause.allows}`")
    if clause.measure:
        parts.append(f"figure: {clause.measure}")
    if clause.unchecked:
        parts.append(f"**not checkable from data.** {clause.unchecked}")
    text = "; ".join(parts)
    return f"{text}. {clause.note}" if clause.note else text


def _worst(severities: Iterable[str]) -> str:
    ranks = [SEVERITIES.index(severity) for severity in severities]
    return SEVERITIES[min(ranks)] if ranks else NO_SECTION


def _rulings(policy: Policy) -> Iterator[tuple[str, ...]]:
    groups: dict[tuple[str, str, str, str | None], list[str]] = {}
    for entry in policy.supply:
        key = (entry.seller, entry.ruling, entry.section, entry.rule)
        groups.setdefault(key, []).append(entry.buyer)
    for (seller, ruling, section, rule), buyers in groups.items():
        to = ", ".join(f"`{buyer}`" for buyer in buyers)
        yield f"`{seller}`", to, ruling, section, _link(rule) if rule else NO_SECTION


def _obligations(policy: Policy) -> Iterator[tuple[str, ...]]:
    for role in policy.roles:
        owed = [entry for entry in policy.obligations if entry.role == role.id]
        sections = dict.fromkeys(entry.section for entry in owed)
        offered = ", ".join(f"`{entry.capability}`" for entry in owed)
        yield f"`{role.id}`", offered or NO_SECTION, ", ".join(sections) or NO_SECTION


def _parameters(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for name, parameter in catalogue.policy.parameters.items():
        used = [_link(rule.id) for rule in catalogue.rules if f"${name}" in rule.text]
        value = parameter.value
        if isinstance(value, tuple):
            value = ", ".join(value)
        shown = "not set" if value is None else f"{value}"
        yield f"`{name}`", shown, parameter.section, parameter.doc, ", ".join(used)


def _goals(policy: Policy) -> Iterator[tuple[str, ...]]:
    for goal in policy.goals:
        scope = goal.role or goal.country
        due = goal.due.isoformat() if goal.due else NO_SECTION
        yield f"`{goal.measure}`", scope or "all", f"{goal.value}", due, goal.doc


def _rule(rule: Rule, cases: Sequence[Case]) -> str:
    header = rule.header
    query = "\n".join(line for line in rule.text.splitlines() if not line.startswith("//")).strip()
    fires = next(case for case in cases if case.fires)
    silent = next(case for case in cases if not case.fires)
    return f"""\
## {rule.id}

**{header.name}** · {rule.severity} · {_section(header.section)}

{header.why}

```cypher
{query}
```

Fires {_said(fires)}:

```text
{_changes(fires)}
{_findings(fires)}
```

Silent {_said(silent)}:

```text
{_changes(silent)}
```
"""


def _section(section: str) -> str:
    return "no section" if section == NO_SECTION else f"section {section}"


def _said(case: Case) -> str:
    """Return what a case's name says, without its first word."""
    return case.name.split("_", 1)[1].replace("_s_", "'s ").replace("_", " ")


def _changes(case: Case) -> str:
    values = [f"{name} = {value}" for name, value in case.parameters.items()]
    lines = [f"  policy: {', '.join(values)}"] if values else []
    for sign, tables in (("-", case.without), ("+", case.given)):
        lines += [f"{sign} {line}" for line in _rows(tables)]
    return "\n".join(lines) or "  the small network as it stands"


def _rows(tables: Rows) -> Iterator[str]:
    for table, rows in tables.items():
        for row in rows:
            values = (
                f"{name}={'(empty)' if value is None else value}" for name, value in row.items()
            )
            yield f"{table}: {' '.join(values)}"


def _findings(case: Case) -> str:
    return "\n".join(f"→ {finding['message']}" for finding in case.findings)


def _link(rule: str, page: str = "rules.md") -> str:
    return f"[{rule}]({page}#{rule.replace('/', '')})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    (DOCS / "policy.md").write_text(policy_page(pack()), "utf-8")
    (DOCS / "rules.md").write_text(rules_page(pack()), "utf-8")
