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

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.analysis.bounds.linear_program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphchannel.analysis.bounds.ledger import Ledger, Line

__all__ = ["FlowProblem"]


@dataclass(slots=True)
class _PartyDay:
    """What one party did with a product on one day.

    `given` units came in that are all of the part; `comes` and `goes` are lines that may carry
    units of it. `other` units went where nobody follows them; `stock` were there in the evening.
    """

    stock: int
    comes: list[Line] = field(default_factory=list)
    goes: list[Line] = field(default_factory=list)
    given: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """All units of the lines that are `given`, and what of them can be on those `carrying`, by id.

    They are counted on the lines `wanted`; if `ends`, they are followed no further from there.
    """

    ledger: Ledger
    given: Callable[[Line], bool]
    carrying: Mapping[str, Line]
    wanted: frozenset[str]
    ends: bool = False

    def range(self) -> tuple[int, int]:
        """Return the least and the most units of it on the wanted lines that are not given."""
        if not self.carrying.keys() & self.wanted:
            return 0, 0
        last: dict[str, int] = {}  # after it, a party's stock does not matter any more
        for line in self.carrying.values():
            last[line.seller] = max(line.day, last.get(line.seller, line.day))
        if len(last) == 1 and self.carrying.keys() <= self.wanted:
            return self._chain(*last.popitem())
        program = LinearProgram()
        columns = {id_: program.column(line.quantity) for id_, line in self.carrying.items()}
        for holder in sorted(last):
            self._balance(program, columns, holder, last[holder])
        return program.range([columns[id_] for id_ in columns if id_ in self.wanted])

    def _chain(self, holder: str, last: int) -> tuple[int, int]:
        """Work out the one party that passes the part on."""
        least = most = 0
        kept_least = kept_most = 0
        for day in self._days(holder, last):
            kept_most += day.given
            taken = min(kept_most, sum(line.quantity for line in day.goes))
            most += taken
            kept_most = min(kept_most - taken, day.stock)
            kept_least = max(0, kept_least + day.given - day.other)
            forced = max(0, kept_least - day.stock)
            least += forced
            kept_least -= forced
        return least, most

    def _balance(
        self, program: LinearProgram, columns: Mapping[str, int], holder: str, last: int
    ) -> None:
        """Let a party hand on or keep, day by day, what it had of the part."""
        before: list[int] = []
        for day in self._days(holder, last):
            comes = [columns[line.shipment] for line in day.comes]
            goes = [columns[line.shipment] for line in day.goes]
            kept = program.column(day.stock)
            elsewhere = [program.column(day.other)] if day.other else []
            program.balance([*comes, *before], day.given, [*goes, kept, *elsewhere])
            before = [kept]

    def _days(self, holder: str, last: int) -> Iterator[_PartyDay]:
        """Yield the days of a party up to the `last`."""
        stock = self.ledger.stock(holder)
        days: dict[int, _PartyDay] = {}
        for line in self.ledger.inbound[holder]:
            if line.day <= last:
                day = days.setdefault(line.day, _PartyDay(stock[line.day]))
                if self.ends and line.shipment in self.wanted:
                    continue
                if self.given(line):
                    day.given += line.quantity
                elif line.shipment in self.carrying:
                    day.comes.append(line)
        for line in self.ledger.outbound[holder]:
            if line.day <= last:
                day = days.setdefault(line.day, _PartyDay(stock[line.day]))
                if line.shipment in self.carrying:
                    day.goes.append(line)
                else:
                    day.other += line.quantity
        for day_ in sorted(days):
            yield days[day_]
