"""Propose a sender file: what the headers and values of a file tell, and what they leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.readers.fitting import table_named
from graphchannel.ingest.senders import hints
from graphchannel.ingest.senders.synonyms import meanings, tables
from graphchannel.ingest.source import listed
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.ingest.senders.look import Look


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a canonical column is proposed to be; without `headers`, nothing is known of it.

    Of several headers each stands in other sheets. `value` is a constant, `?` where somebody has to
    say it. `questions` are what to look at.
    """

    headers: tuple[str, ...] = ()
    value: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    names: bool = False
    fill_down: bool = False
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a sender file would say of a file; questions by what they are about."""

    look: Look
    table: str
    cells: Mapping[str, Proposed]
    key: tuple[str, ...]
    key_questions: tuple[str, ...]
    returns: tuple[str, tuple[str, ...]] | str | None
    decimal: str | None
    dates: str | None
    beside: tuple[str, ...]
    times: bool
    unread: tuple[str, ...]


def propose(look: Look, table: str | None = None) -> Proposal:
    """Propose what a file's columns mean, for `table` or the one that most of them fit.

    Raise InputError if no table is asked for and no column has a name that is known.
    """
    name = table or best_table(look)
    chosen, others = _chosen(name, look)
    cells = _cells(name, look, chosen, others)
    lines = name == "shipments"
    key, why = _key(look, chosen) if lines else ((), ())
    used = {header for cell in cells.values() for header in cell.headers} | set(key)
    used.add(_returns_column(look, chosen) or "")
    return Proposal(
        look,
        name,
        cells,
        key,
        why,
        _returns(look, chosen) if lines else None,
        hints.decimal_sign(_values_of(look, cells, hints.NUMBERS), look.format),
        hints.date_order(_values_of(look, cells, hints.DAYS)),
        hints.units_and_currencies(_values_of(look, cells, hints.NUMBERS)),
        hints.have_times(_values_of(look, cells, hints.DAYS)),
        tuple(each for each in look.columns if each not in used),
    )


def best_table(look: Look) -> str:
    """Return the table that a file is of: most of its columns known, none required lacking.

    Of several that fit as well, the one that it is named after. Raises InputError where none
    fits.
    """
    named = table_named(stem_of(look.path))
    after = named.name if named else None

    def fits(name: str) -> tuple[float, int, bool]:
        chosen, _ = _chosen(name, look)
        required = [c.name for c in canonical(name).columns if c.required and c.name != "id"]
        found = sum(1 for column in required if column in chosen)
        return (
            found / max(1, len(required)) + len(chosen) / max(1, len(look.columns)),
            len(chosen),
            name == after,
        )

    best = max(tables(), key=fits)
    if not _chosen(best, look)[0]:
        raise InputError(
            f"{look.path}: none of the columns ({listed(look.columns)}) has a name that is known; "
            f"say with --table what they are of (one of {', '.join(tables())})."
        )
    return best


def _cells(
    table: str, look: Look, chosen: Mapping[str, str], others: Mapping[str, list[str]]
) -> dict[str, Proposed]:
    cells: dict[str, Proposed] = {}
    for column in canonical(table).columns:
        name = column.name
        if name in chosen:
            cells[name] = _cell(table, name, chosen[name], look, others)
        elif hints.is_lacking(table, name, chosen):
            cells[name] = Proposed(value="?", questions=(hints.LACKING[table][name],))
        elif column.required and (table, name) != ("shipments", "id"):
            cells[name] = Proposed(
                value="?", questions=(f"No column is known for it: {column.doc}.",)
            )
    for name in hints.EXTRA:
        if name in chosen:
            cells[name] = _cell(table, name, chosen[name], look, others)
    if table == "shipments" and "reporter_id" not in cells:
        seller = cells["seller_id"]
        cells["reporter_id"] = replace(seller, questions=("Does the seller send the report?",))
    return _without_contradiction(cells)


def _chosen(table: str, look: Look) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the header for each canonical column, and the others that could have been it."""
    chosen: dict[str, str] = {}
    candidates = [
        ((not meaning.sure, meaning.rank), meaning, header)
        for header in look.columns
        for meaning in meanings(table, header)
    ]
    others: dict[str, list[str]] = {}
    for _, meaning, header in sorted(candidates, key=lambda each: each[0]):
        if meaning.column in chosen:
            if header not in chosen.values():
                others.setdefault(meaning.column, []).append(header)
        elif header not in chosen.values() or meaning.column == "document_date":
            chosen[meaning.column] = header
    if chosen.get("document_date") == chosen.get("shipped_on"):
        chosen.pop("document_date", None)
    if table == "shipments" and look.heading and look.heading not in chosen.values():
        lacking = [name for name in hints.HEADINGS if name not in chosen]
        chosen |= dict.fromkeys(lacking[:1], look.heading)
    free = {
        column: [header for header in headers if header not in chosen.values()]
        for column, headers in others.items()
    }
    return chosen, {column: headers for column, headers in free.items() if headers}


def _cell(
    table: str, column: str, header: str, look: Look, others: Mapping[str, list[str]]
) -> Proposed:
    questions = []
    sure = any(each.column == column and each.sure for each in meanings(table, header))
    if not sure:
        questions.append(hints.UNSURE.get(column, f"Is '{header}' the {_doc(table, column)}?"))
    if others.get(column):
        listed = " or ".join(f"'{each}'" for each in others[column])
        questions.append(f"Or is it {listed}?")
    values = look.values(header)
    references = () if column in hints.EXTRA else canonical(table).column(column).references
    names = bool(references) and hints.are_names(values)
    if names:
        questions.append(
            f"'{header}' holds names such as '{values[0]}': each is looked up among the loaded "
            f"{_in_words(references)}."
        )
    found, unknown = hints.value_map(table, column, values)
    if unknown:
        questions.append(f"What {'do' if unknown[1:] else 'does'} {_in_words(unknown)} mean?")
    heads = header == look.heading
    if heads:
        questions.append(
            f"'{values[0]}' and the like stand in rows of their own, above the lines that are "
            "theirs. Does each hold until the next?"
        )
    gaps = column in hints.REPEATED and _gaps(look, header)
    if gaps:
        rows = len(look.records)
        questions.append(
            f"'{header}' is empty in {gaps} of {rows} rows: does it repeat the row above?"
        )
    return Proposed(
        (header, *_elsewhere(table, column, header, look)),
        map=found | dict.fromkeys(unknown, "?"),
        names=names,
        fill_down=bool(gaps) or heads,
        questions=tuple(questions),
    )


def _in_words(names: Sequence[str]) -> str:
    said = [f"'{name}'" for name in names]
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)


def _gaps(look: Look, header: str) -> int:
    """Count empty cells where the first record has one that is not, and others are filled."""
    at = look.columns.index(header)
    if not look.records or not look.records[0][at]:
        return 0
    return sum(1 for record in look.records if not record[at])


def _elsewhere(table: str, column: str, header: str, look: Look) -> tuple[str, ...]:
    """Return what other sheets with the same columns call one."""
    found = []
    for other in look.others:
        if similar(look, other) and header not in other.columns:
            name = _chosen(table, other)[0].get(column)
            found += [name] if name else []
    return tuple(dict.fromkeys(found))


def similar(look: Look, other: Look) -> bool:
    """Tell whether two sheets have most of their columns in common."""
    return len(set(look.columns) & set(other.columns)) * 2 > len(look.columns)


def _doc(table: str, column: str) -> str:
    return hints.EXTRA.get(column) or canonical(table).column(column).doc


def _without_contradiction(cells: dict[str, Proposed]) -> dict[str, Proposed]:
    """Take the amount where a file has both an amount and a unit price."""
    if "amount" not in cells or "unit_price" not in cells:
        return cells
    price, amount = cells["unit_price"], cells["amount"]
    left = {name: cell for name, cell in cells.items() if name != "unit_price"}
    said = f"'{price.headers[0]}' is not read: the amount of the line says it."
    left["amount"] = replace(amount, questions=(*amount.questions, said))
    return left


def _key(look: Look, chosen: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return headers that tell lines apart, and what to look at."""
    document, line, product = (chosen.get(name) for name in ("document", "line", "product_id"))
    if "id" in chosen:
        return (), ()
    if document and line:
        return (document, line), ()
    if document and product:
        of = [name for name in (document, product, chosen.get("serial")) if name]
        told = [tuple(record[look.columns.index(each)] for each in of) for record in look.records]
        if len(set(told)) == len(told):
            question = (
                f"No column numbers the lines; '{document}' and '{product}' tell them apart here. "
                "Does a product never stand twice in a document?"
            )
            return (document, product), (question,)
    question = (
        "Nothing tells lines apart. Without a key a line is known by all that it says, and a "
        "corrected line comes as a new one."
    )
    return (), (question,)


def _returns_column(look: Look, chosen: Mapping[str, str]) -> str | None:
    header = chosen.get("kind")
    return header if header and hints.return_marks(look.values(header)) else None


def _returns(look: Look, chosen: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | str | None:
    column = _returns_column(look, chosen)
    if column:
        return column, hints.return_marks(look.values(column))
    for sign, names in (("negative", ["quantity"]), ("amount", ["amount", "unit_price"])):
        values = [value for name in names if name in chosen for value in look.values(chosen[name])]
        if any(re.match(r"\s*(-|\()|.*-\s*$", value) for value in values):
            return sign
    return None


def _values_of(look: Look, cells: Mapping[str, Proposed], columns: frozenset[str]) -> list[str]:
    return [
        value
        for name, cell in cells.items()
        if name in columns and cell.headers
        for value in look.values(cell.headers[0])
    ]
