"""A part of one product's goods as a flow of its own: how many units of it some lines can hold.

The part is all that goes over the lines `given`. From there it is a flow of its own within the
whole: what a party hands over of it came in before, each line and each stock holds at most what it
holds, and the rest of the goods must fit in beside it. The least and the most of it on the lines
`wanted` is a linear program whose corners are whole numbers.

Where only one party can have passed it on, its days are a single chain. Then handing on as much as
possible as early as possible gives the most, and handing it to others first, and keeping it while
stock lasts, the least.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.analysis.bounds.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from graphchannel.analysis.bounds.ledger import Ledger, Line

__all__ = ["FlowProblem"]


@dataclass(slots=True)
class _PartyDay:
    """What one party did with a product on one day, or on some on which the part did not move.

    `given` units came in that are all of the part; `comes` and `goes` are lines that may carry
    units of it. `other` units went where nobody follows them; `stock` were there in the evening,
    of several evenings the least.
    """

    stock: int
    comes: list[Line] = field(default_factory=list)
    goes: list[Line] = field(default_factory=list)
    given: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """All units of the lines that are `given`, and what of them can be on those `carrying`, by id.

    The lines given are by their buyer. Units are counted on the lines `wanted`; if `ends`, they are
    followed no further from there.
    """

    ledger: Ledger
    given: Mapping[str, Sequence[Line]]
    carrying: Mapping[str, Line]
    wanted: frozenset[str]
    ends: bool = False

    def range(self) -> tuple[int, int]:
        """Return the least and the most units of it on the wanted lines that are not given."""
        if self.wanted.isdisjoint(self.carrying):  # looks at those carrying, mostly the fewer
            return 0, 0
        goes: dict[str, list[Line]] = defaultdict(list)
        for line in self.carrying.values():
            goes[line.seller].append(line)
        comes: dict[str, list[Line]] = defaultdict(list)
        for line in self._followed(self.carrying.values()):
            comes[line.buyer].append(line)
        if len(goes) == 1 and self.carrying.keys() <= self.wanted:
            ((holder, sold),) = goes.items()
            return self._chain(self._days(holder, sold, comes[holder]))
        program = LinearProgram()
        columns, wanted = self._columns(program, goes)
        for holder in sorted(goes):
            _balance(program, columns, self._days(holder, goes[holder], comes[holder]))
        return program.range(wanted)

    def _columns(
        self, program: LinearProgram, holders: Collection[str]
    ) -> tuple[dict[str, int], list[int]]:
        """Add the flows on the carrying lines; return their columns by line, and those wanted.

        Lines that leave one party on one day for the same place are one flow: a holder is a place,
        and so is all the world beyond the holders.
        """
        together: dict[tuple[str, int, str | None, bool], list[Line]] = defaultdict(list)
        for line in self.carrying.values():
            wanted = line.shipment in self.wanted
            onward = line.buyer in holders and not (wanted and self.ends)
            together[line.seller, line.day, line.buyer if onward else None, wanted].append(line)
        columns: dict[str, int] = {}
        aims = []
        for (_, _, _, wanted), lines in together.items():
            column = program.column(sum(line.quantity for line in lines))
            columns |= dict.fromkeys((line.shipment for line in lines), column)
            aims += [column] if wanted else []
        return columns, aims

    @staticmethod
    def _chain(days: Iterable[_PartyDay]) -> tuple[int, int]:
        """Work out the one party that passes the part on."""
        least = most = 0
        kept_least = kept_most = 0
        for day in days:
            kept_most += day.given
            taken = min(kept_most, sum(line.quantity for line in day.goes))
            most += taken
            kept_most = min(kept_most - taken, day.stock)
            kept_least = max(0, kept_least + day.given - day.other)
            forced = max(0, kept_least - day.stock)
            least += forced
            kept_least -= forced
        return least, most

    def _followed(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines from which units are followed on."""
        return (line for line in lines if not (self.ends and line.shipment in self.wanted))

    def _days(
        self, holder: str, goes: Iterable[Line], comes: Iterable[Line]
    ) -> Iterator[_PartyDay]:
        """Yield the days on which the part came to a party or can have left it, up to the last.

        Its stock does not matter before the part came, nor after the last line that can carry it.
        Days between two of them are one: what is left of the part after all of them is at most the
        least stock, and what went was handed over on any.
        """
        calendar = self.ledger.calendar(holder)
        days: dict[int, _PartyDay] = defaultdict(lambda: _PartyDay(0))
        for line in goes:
            days[line.day].goes.append(line)
        last = max(days)
        for line in comes:
            if line.day <= last:
                days[line.day].comes.append(line)
        for line in self._followed(self.given.get(holder, ())):
            if line.day <= last:
                days[line.day].given += line.quantity
        before: int | None = None
        for day_ in sorted(days):
            place, day = calendar.place(day_), days[day_]
            if before is not None and before + 1 < place:
                between = calendar.stocks[before + 1 : place]
                yield _PartyDay(min(between), other=calendar.handed_over(before + 1, place - 1))
            day.stock = calendar.stocks[place]
            carried = sum(line.quantity for line in day.goes)
            day.other = calendar.handed_over(place, place) - carried
            yield day
            before = place


def _balance(program: LinearProgram, columns: Mapping[str, int], days: Iterable[_PartyDay]) -> None:
    """Let a party hand on or keep, day by day, what it had of the part."""
    before: list[int] = []
    for day in days:
        if not (day.comes or day.goes or day.given or day.other):
            continue  # its stock did not shrink, so it bounds nothing
        comes = sorted({columns[line.shipment] for line in day.comes})
        goes = sorted({columns[line.shipment] for line in day.goes})
        kept = program.column(day.stock)
        elsewhere = [program.column(day.other)] if day.other else []
        program.balance([*comes, *before], day.given, [*goes, kept, *elsewhere])
        before = [kept]
