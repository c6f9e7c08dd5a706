"""How one column is read: SQL in steps, each over what the steps before it made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.schema import Kind
from graphchannel.text import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.schema import TableColumn

Step = tuple[str, str]  # a name and its SQL

EXPECTED = {
    Kind.STRING: "text",
    Kind.INTEGER: "a whole number such as 12",
    Kind.FLOAT: "a number such as 12.5",
    Kind.DECIMAL: "a number with at most four decimals such as 12.50",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date such as 2024-01-31",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A column to be read: its name in the relation, and what it should hold.

    `label` is what its sender calls it. `identifier` is text that names a thing, `single` one of
    which there may be but one in a value, `line` one that has no line break. A column of `few` has
    far fewer values than rows. `exact` numbers and days are given as plain text rather than typed,
    and those that cannot be read as they came.
    """

    name: str
    kind: Kind
    label: str
    doc: str = ""
    required: bool = False
    identifier: bool = False
    single: bool = False
    line: bool = False
    few: bool = False
    least: float | None = None
    most: float | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that is not taken: the SQL condition, and a SQL text of what is said of it.

    The sentence begins with the column and the value as delivered; `says` goes on behind it.
    """

    when: str
    says: str
    code: str = "invalid"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """Values that are not taken as they came: the SQL condition, and what they had."""

    when: str
    had: str


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How a column is read.

    `steps` are SQL expressions over the column and the steps before. `value` is what is taken, null
    where there is no value or none that can be read. `delivered` is the text as it came, null where
    it says that there is no value. The first refusal that holds is given; one that holds for every
    value that cannot be read comes last.
    """

    steps: tuple[Step, ...]
    value: str
    delivered: str
    refusals: tuple[Refusal, ...]
    cleanings: tuple[Cleaning, ...]


def need(column: TableColumn, label: str | None = None) -> Need:
    """Return what a canonical column needs; `label` is what its sender calls it."""
    return Need(
        column.name,
        column.kind,
        label or column.name,
        doc=column.doc,
        required=column.required,
        identifier=column.identifier,
        single=column.name == "serial",
        line=column.name == "id" or bool(column.references),
        few=column.kind in {Kind.INTEGER, Kind.DATE}
        or bool(column.references or column.pattern or column.choices or column.vocabulary),
        least=column.minimum,
        most=column.maximum,
    )


def matches(x: str, pattern: str) -> str:
    """Tell whether a pattern is the whole text."""
    return f"regexp_full_match({x}, {literal(pattern)})"


def has(x: str, pattern: str) -> str:
    """Tell whether a text has a part that a pattern describes."""
    return f"regexp_matches({x}, {literal(pattern)})"


def without(x: str, pattern: str, instead: str = "") -> str:
    """Replace all that a pattern describes."""
    return f"regexp_replace({x}, {literal(pattern)}, {literal(instead)}, 'g')"


def when(condition: str, value: str, otherwise: str = "NULL") -> str:
    """Choose between two expressions."""
    return f"CASE WHEN {condition} THEN {value} ELSE {otherwise} END"


def first_of(arms: Sequence[tuple[str, str]]) -> str:
    """Give the value of the first condition that holds, else null."""
    listed = " ".join(f"WHEN {condition} THEN {value}" for condition, value in arms)
    return f"CASE {listed} END"


def shown(text: str) -> str:
    """Quote a delivered value in a sentence, cut to a readable length."""
    return (
        f"'''' || CASE WHEN length({text}) > 60 THEN left({text}, 57) || '...' ELSE {text} END"
        " || ''''"
    )


def meant(x: str, known: Mapping[str, str]) -> str:
    """Say in SQL what a text probably means, ` Did you mean 'DE'?`, or nothing.

    `known` gives what is meant by each text in small letters.
    """
    names, codes = (", ".join(map(literal, each)) for each in (known, known.values()))
    found = f"([{codes}])[list_position([{names}], lower({x}))]"
    return f"coalesce(' Did you mean ''' || {found} || '''?', '')"


def layered(relation: str, columns: Sequence[Sequence[Step]]) -> str:
    """Select from a relation with the steps of several columns added.

    A step stands in a layer of its own, so that it is computed once, however often later ones name
    it.
    """
    for level in range(max((len(steps) for steps in columns), default=0)):
        named = [steps[level] for steps in columns if level < len(steps)]
        added = ", ".join(f"{sql} AS {name}" for name, sql in named)
        relation = f"(SELECT *, {added} FROM {relation})"
    return relation
