"""Goods followed through all lines, some products at a time.

Memory is bounded by the lines of a batch, or of the largest product, and not by how many there are;
what is found does not depend on how the products are put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphchannel.analysis.goods.batches import in_batches, of_products
from graphchannel.analysis.goods.certainty import JudgedPath, how_sure, opening_stock
from graphchannel.analysis.goods.followed import LINE, load_lines, load_units
from graphchannel.analysis.goods.observability import Limits, Observed, bounded, observed
from graphchannel.analysis.goods.trace import first_ends, rank, sound, together
from graphchannel.analysis.goods.units import place, unit_paths, units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from graphchannel.analysis.goods.model import Traced, TracedPath, TraceQuestion
    from graphchannel.analysis.goods.units import Unit
    from graphchannel.engines import SelectableRows
    from graphchannel.policy import Policy

__all__ = ["Goods"]


@dataclass(frozen=True, slots=True)
class Goods:
    """Where goods are followed: rows of `queries/lines.cypher` and of `units.cypher`.

    Some products at a time are loaded into the tables of `followed`, on a connection of their own.
    """

    connection: duckdb.DuckDBPyConnection
    lines: SelectableRows
    units: SelectableRows
    policy: Policy

    def paths(self, question: TraceQuestion, top: int, *, back: bool = False) -> Traced:
        """Follow goods by product, days and quantities (see `trace.trace`)."""
        rows = (lines for (lines,) in in_batches(self.connection, self.lines))
        parts = (self._first_ends(part, question, top, back=back) for part in rows)
        by_rank = partial(rank, back=question.goes_back(asked=back))
        return sound(together(parts, by_rank, top))

    def unit_paths(
        self, question: TraceQuestion, serial: str | None, top: int, names: Mapping[str, str]
    ) -> tuple[Traced, list[str]]:
        """Follow numbered units; return the paths of the first, and what is odd about any.

        `names` are those of the parties by id.
        """
        remarks: list[str] = []

        def noted(units: Iterable[Unit]) -> Iterator[Unit]:
            for unit in units:
                odd = unit.remarks(names)
                remarks.extend(f"{unit.product} {unit.serial}: {remark}." for remark in odd)
                yield unit

        parts = []
        for (units,) in in_batches(self.connection, self.units):
            load_units(self.connection, units, self.policy)
            found = units_of(self.connection, question, serial)
            parts.append(unit_paths(noted(found), question, top))
        return together(parts, place, top), remarks

    def silence(
        self, question: TraceQuestion, serial: str | None, names: Mapping[str, str]
    ) -> list[str]:
        """Say why nothing was found: no line was followed that tells of it, or none went that far.

        `names` are those of the parties by id.
        """
        if question.line is not None:
            return [f"The line {question.line} is of a day that was left out."]
        if serial is not None:
            return [f"The lines with the serial number {serial} are of days that were left out."]
        sold, bought, lines = self.connection.execute(
            f"""SELECT count(*) FILTER (seller = $asked_start),
                count(*) FILTER (buyer = $asked_end), count(*)
            FROM {self.lines.relation} AS line""",
            {**self.lines.parameters, "asked_start": question.start, "asked_end": question.end},
        ).fetchall()[0]
        goods = f"product {question.product}" if question.product else "anything"
        reasons = []
        if question.start and not sold:
            reasons.append(f"No line tells that {names[question.start]} sold {goods}.")
        if question.end and not bought:
            reasons.append(f"No line tells that {names[question.end]} bought {goods}.")
        if question.product and not lines:
            reasons = [f"No line is of product {question.product}."]
        if question.start and question.end and not reasons:
            within = f"within {question.max_hops:,} hop{'' if question.max_hops == 1 else 's'}"
            if question.window is not None:
                days = f"{question.window:,} day{'' if question.window == 1 else 's'}"
                within += f", {days} at most between a hop and the next"
            reasons.append(
                f"Nothing that {names[question.start]} sold can have reached "
                f"{names[question.end]} {within}."
            )
        return reasons

    def judged(self, paths: Sequence[TracedPath]) -> list[JudgedPath]:
        """Say how sure each path is (see `certain.judge`), in the order given."""
        stock = opening_stock(self.policy)
        found: dict[TracedPath, JudgedPath] = {}
        for product in self._by_product(path.product for path in paths):
            own = [path for path in paths if path.product == product]
            found |= dict(zip(own, how_sure(self.connection, own, stock), strict=True))
        return [found[path] for path in paths]

    def observed(self) -> list[Observed]:
        """Return what became of each product of each partner, the least seen first."""
        entries: list[Observed] = []
        for lines, units in in_batches(self.connection, self.lines, self.units):
            self._load(lines, units)
            entries += observed(self.connection)
        return sorted(entries, key=lambda entry: (-entry.unseen, entry.partner, entry.product))

    def bounded(self, entries: Sequence[Observed]) -> list[Limits]:
        """Return the limits of entries (see `observability.bounded`), in the order given."""
        stock = opening_stock(self.policy)
        found: dict[Observed, Limits] = {}
        for product in self._by_product(entry.product for entry in entries):
            own = [entry for entry in entries if entry.product == product]
            found |= {entry: bounded(self.connection, entry, stock) for entry in own}
        return [found[entry] for entry in entries]

    def _by_product(self, products: Iterable[str]) -> Iterator[str]:
        """Yield each product once, while the lines and units of it are loaded."""
        if not (asked := set(products)):
            return
        parts = (of_products(self.lines, asked), of_products(self.units, asked))
        for lines, units in in_batches(self.connection, *parts):
            self._load(lines, units)
            held = self.connection.execute(f"SELECT DISTINCT product FROM {LINE}").fetchall()
            yield from sorted(product for (product,) in held)

    def _load(self, lines: SelectableRows, units: SelectableRows) -> None:
        load_lines(self.connection, lines, self.policy)
        load_units(self.connection, units, self.policy)

    def _first_ends(
        self, lines: SelectableRows, question: TraceQuestion, top: int, *, back: bool
    ) -> Traced:
        load_lines(self.connection, lines, self.policy)
        return first_ends(self.connection, question, top, back=back)
