"""A document: what a command has to say, as a value that every format prints.

A section declares its columns together with how each gets its value from an entry, so that names
and values cannot drift apart. What is read from a database is `Lazy`: it is read when a format asks
for it, and not before, so that many entries need little memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from graphchannel.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphchannel.findings import ScanResult
    from graphchannel.policy import Severity

__all__ = [
    "Column",
    "Document",
    "Kind",
    "Lazy",
    "Page",
    "Section",
    "columns_of",
    "fields",
    "listing",
    "rows_section",
]

Entry = TypeVar("Entry")
Kind = Literal["text", "lines", "id", "number", "count", "severity"]


@dataclass(frozen=True, slots=True)
class Column(Generic[Entry]):
    """A column: its name, and `of`, which gets its value from an entry.

    Of the kinds, `lines` is text with line ends of its own, `number` and `count` (with separators
    of thousands) stand to the right and are never broken in two, `id` is broken only where there is
    no other way, `severity` has colours on a terminal. `head` stands above the column for people,
    the name if it is empty. Tables for people leave out a `detail`, and one that is `spare` where
    there is no room for it.
    """

    name: str
    of: Callable[[Entry], object]
    kind: Kind = "text"
    head: str = ""
    detail: bool = False
    spare: bool = False


class Lazy(Generic[Entry]):
    """Entries that are read anew whenever somebody goes through them."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[], Iterable[Entry]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[Entry]:
        """Read the entries."""
        return iter(self._read())


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """What people see of a section that is too much for them, or of another form.

    With `text` an entry is a paragraph, not a row.
    """

    entries: Iterable[Entry]
    columns: Iterable[Column[Entry]] = ()
    text: Callable[[Entry], str] | None = None


@dataclass(frozen=True, slots=True)
class Section(Generic[Entry]):
    """A table: `key` names it in JSON and for `--section`, `title` heads it.

    For people, `lead` are sentences above it and `remarks` below it; `shown` cuts it to so many
    rows; `further` counts the rows that were left out before, `more` says how to see them, nothing
    if it is empty; `empty` stands in place of rows; a `page` takes the place of columns and
    entries; what is not `printed` they see only if they ask for it by name. `nested` makes the
    object that an entry is in JSON, where it is more than its columns.
    """

    key: str
    title: str
    columns: Iterable[Column[Entry]]
    entries: Iterable[Entry]
    remarks: Iterable[str] = ()
    lead: Iterable[str] = ()
    shown: int | None = None
    further: int = 0
    more: str | None = None
    empty: str = "  none"
    nested: Callable[[Entry], Mapping[str, object]] | None = None
    page: Page[Any] | None = None
    printed: bool = True

    def for_people(self) -> Page[Any]:
        """Return what tables show of it: its page, or the columns that are no details."""
        if self.page is not None:
            return self.page
        return Page(self.entries, [column for column in self.columns if not column.detail])


@dataclass(frozen=True, slots=True)
class Document:
    """What a command has to say: a headline, facts by name, sections, closing sentences.

    `lines` stand below the headline for people, who see `remarks_shown` of the remarks. CSV has one
    section, the one with the key `main` (by default the first), unless another is named. JSON has
    the facts, then the sections, then the remarks; or `members`, the names of facts and sections in
    their order; or, for a `listing`, the entries of its one section and nothing around them. `scan`
    (with `fail_on`, the severity from which on its findings fail a gate), `drawing` and `page` are
    for formats that are made for these.
    """

    headline: str
    facts: Mapping[str, object]
    sections: tuple[Section[Any], ...]
    remarks: Iterable[str] = ()
    lines: tuple[str, ...] = ()
    remarks_shown: int | None = None
    main: str = ""
    members: tuple[str, ...] | None = None
    listing: bool = False
    scan: ScanResult | None = None
    fail_on: Severity = "low"
    drawing: Callable[[], str] | None = field(default=None, repr=False)
    page: Callable[[], str] | None = field(default=None, repr=False)

    @property
    def keys(self) -> list[str]:
        """The names of its sections."""
        return [section.key for section in self.sections]

    @property
    def main_section(self) -> Section[Any]:
        """The section that a format for one table has."""
        named = [section for section in self.sections if section.key == self.main]
        return named[0] if named else self.sections[0]

    def only(self, key: str) -> Document:
        """Return the document with this section alone; InputError if it has none of that name."""
        for section in self.sections:
            if section.key == key:
                members = self.members
                if members is not None:
                    members = tuple(name for name in members if name not in self.keys)
                    members = (*members, key)
                facts = {name: self.facts[name] for name in self.facts if name not in self.keys}
                return replace(
                    self,
                    facts=facts,
                    sections=(replace(section, printed=True),),
                    main=key,
                    members=members,
                )
        raise unknown_section(key, self.keys)


def unknown_section(key: str, known: Sequence[str]) -> InputError:
    """Return the error for a name that no section has."""
    return InputError(
        f"--section {key}: it is unknown (has: {', '.join(known)}).{did_you_mean(key, known)}"
    )


def listing(section: Section[Any], remarks: Iterable[str] = ()) -> Document:
    """Return the document that is one table: JSON is a list of its entries."""
    return Document("", {}, (section,), remarks, listing=True)


def columns_of(rows: Iterable[Mapping[str, object]]) -> tuple[Column[Any], ...]:
    """Return columns of rows whose names are known only when they are there.

    A column is one of numbers if all its values are, or are null.
    """
    numbers: dict[str, bool] = {}
    for row in rows:
        for name, value in row.items():
            numbers[name] = numbers.get(name, True) and isinstance(
                value, int | float | Decimal | None
            )
    return tuple(
        Column(name, _getter(name), "number" if is_number else "text")
        for name, is_number in numbers.items()
    )


def fields(*names: str, numbers: Sequence[str] = ()) -> tuple[Column[Mapping[str, object]], ...]:
    """Return columns that get their values by name, those of `numbers` to stand to the right."""
    return tuple(
        Column(name, _getter(name), "number" if name in numbers else "text") for name in names
    )


def _getter(name: str) -> Callable[[Mapping[str, object]], object]:
    return lambda row: row.get(name)


def rows_section(
    key: str, title: str, rows: Iterable[Mapping[str, object]], **more: Any
) -> Section[Mapping[str, object]]:
    """Return a section of rows whose columns are known only when they are there."""
    return Section(key, title, Lazy(lambda: columns_of(rows)), rows, **more)
