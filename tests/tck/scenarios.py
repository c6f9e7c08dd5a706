"""Reading .feature files: every scenario (outlines expanded) as a plain value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from gherkin.errors import ParserError
from gherkin.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# A parsed Gherkin document is nested dicts and lists; the library ships no types for it.
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a query should answer: rows, or an error."""

    error: str | None = None
    header: tuple[str, ...] | None = None  # None: no rows, whatever the columns
    cells: tuple[tuple[str, ...], ...] = ()
    row_order: bool = False
    list_order: bool = True


@dataclass(frozen=True, slots=True)
class Execution:
    """One query of a scenario with what it should answer."""

    query: str
    expectation: Expectation | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; `not_understood` is the first step that this reader does not know."""

    folder: str  # such as clauses/match
    name: str
    graph: str | None = None
    setups: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    executions: tuple[Execution, ...] = ()
    side_effects: bool = False
    not_understood: str | None = None


def feature_files(root: Path) -> list[Path]:
    """Return the feature files below `root`, sorted."""
    return sorted(root.rglob("*.feature"))


def read_feature(path: Path, root: Path) -> list[Scenario]:
    """Return the scenarios of one file; other text than Gherkin is not understood."""
    folder = path.parent.relative_to(root).as_posix()
    try:
        document = cast("Document", Parser().parse(path.read_text(encoding="utf-8")))
    except (ParserError, UnicodeDecodeError) as error:
        return [Scenario(folder, path.stem, not_understood=f"unreadable file: {error}")]
    children = list(flatten((document.get("feature") or {}).get("children", ())))
    background = [
        step for child in children if "background" in child for step in child["background"]["steps"]
    ]
    return [
        read_steps(folder, f"{path.stem} {name}", steps)
        for child in children
        if "scenario" in child
        for name, steps in expand(child["scenario"], background)
    ]


def flatten(children: Sequence[Document]) -> Iterator[Document]:
    """Yield scenarios and backgrounds, also those inside rules."""
    for child in children:
        if "rule" in child:
            yield from flatten(child["rule"]["children"])
        else:
            yield child


def expand(scenario: Document, background: list[Document]) -> Iterator[tuple[str, list[Document]]]:
    """Yield a scenario's steps, once for each row of examples with the row's values filled in."""
    steps = background + scenario["steps"]
    if not scenario.get("examples"):
        yield scenario["name"], steps
    number = 0
    for examples in scenario.get("examples", ()):
        names = [cell["value"] for cell in (examples.get("tableHeader") or {}).get("cells", ())]
        for row in examples.get("tableBody", ()):
            number += 1
            values = dict(zip(names, (cell["value"] for cell in row["cells"]), strict=True))
            yield f"{scenario['name']} #{number}", [filled(step, values) for step in steps]


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return a step with each `<name>` replaced by the example's value."""
    if isinstance(value, str):
        return re.sub(r"<(\w+)>", lambda m: values.get(m.group(1), m.group(0)), value)
    if isinstance(value, dict):
        return {key: filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, values) for item in value]
    return value


def read_steps(folder: str, name: str, steps: Sequence[Document]) -> Scenario:
    """Turn steps into a scenario."""
    graph: str | None = None
    setups: list[str] = []
    parameters: dict[str, str] = {}
    executions: list[Execution] = []
    side_effects = False
    not_understood: str | None = None
    for step in steps:
        text = step["text"].strip()
        if match := re.fullmatch(r"(?:an (empty)|(any)|the (\S+)) graph", text):
            graph = next(group for group in match.groups() if group)
        elif text == "having executed:":
            setups.append(doc_string(step))
        elif re.fullmatch(r"parameters are:", text):
            parameters |= {row[0]: row[-1] for row in table(step)}
        elif re.fullmatch(r"executing (control )?query:", text):
            executions.append(Execution(doc_string(step)))
        elif (expectation := read_expectation(step, text)) and executions:
            executions[-1] = Execution(executions[-1].query, expectation)
        elif re.match(r"the side effects should be:?", text):
            side_effects = True
        elif not re.match(r"no side effects", text):
            not_understood = not_understood or f"step: {text.split()[0]} …"
    return Scenario(
        folder,
        name,
        graph,
        tuple(setups),
        parameters,
        tuple(executions),
        side_effects,
        not_understood,
    )


def read_expectation(step: Document, text: str) -> Expectation | None:
    """Return what a `Then` step expects; None if it is another kind of step."""
    if match := re.fullmatch(r"an? (\w+) should be raised at (.+)", text):
        return Expectation(error=f"{match.group(1)} at {match.group(2)}")
    if text == "the result should be empty":
        return Expectation()
    match = re.fullmatch(
        r"the result should be(, in order|, in any order)?"
        r"( \(ignoring element order for lists\))?:",
        text,
    )
    if not match:
        return None
    rows = table(step)
    return Expectation(
        header=rows[0] if rows else (),
        cells=tuple(rows[1:]),
        row_order=match.group(1) == ", in order",
        list_order=match.group(2) is None,
    )


def doc_string(step: Document) -> str:
    """Return a step's text block."""
    return str(step.get("docString", {}).get("content", ""))


def table(step: Document) -> list[tuple[str, ...]]:
    """Return a step's table."""
    rows = step.get("dataTable", {}).get("rows", ())
    return [tuple(cell["value"] for cell in row["cells"]) for row in rows]
