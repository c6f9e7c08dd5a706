"""Where goods can have gone: the lines of each product followed in time, hop by hop.

A *step* is a line, taken from seller to buyer, or from buyer to seller when goods are followed back
to where they came from; its `t` is then the day counted backwards. A step may follow another of the
same product that ends where it begins, not later than it, and within the window where there is one.
On equal days the order is unknown, so one may follow the other.

A vendor ends a path: what it takes back is not followed on.

Paths are never enumerated. What is kept of those that end at a party is the *state* (party,
product, whether a hop broke the policy) with the earliest `t`, or, within a window, with each `t`;
one layer a hop, in sets. One path that leads to a state is then read back through the layers.

The rules over paths do not share this frontier (see `hops`): they report every line that goods came
along, leave returns out, know no limit of hops, and look for the nearest end user; a core for both
would have to switch each of these, and be longer than the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.goods.followed import LINE
from graphchannel.policy import VENDOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

__all__ = ["BACKWARD", "FORWARD", "STEP", "Direction", "PathSearch"]

STEP = "search_step"  # the lines as steps, a view

# One row of a layer: how a state was reached, and the state before that, null at the first step.
_STATE = """
    head AS party, product, broken, t, hop, step.shipment, step.role, step.tail, step.before,
    step.before_t"""
_BEST = """
    SELECT head, product, broken, {t} AS t, $hop AS hop,
           arg_min({{'shipment': shipment, 'role': head_role, 'tail': tail, 'before': before,
                     'before_t': before_t}}, (t, shipment, before, before_t)) AS step
    FROM ({steps}) GROUP BY ALL"""
_FIRST = """
    SELECT head, head_role, tail, product, breaks AS broken, t, shipment,
           NULL::BOOLEAN AS before, NULL::INTEGER AS before_t
    FROM {step} WHERE {condition}"""
_NEXT = """
    SELECT s.head, s.head_role, s.tail, s.product, f.broken OR s.breaks AS broken, s.t, s.shipment,
           f.broken AS before, f.t AS before_t
    FROM {steps} AS s {join} JOIN {frontier} AS f
      ON f.party = s.tail AND f.product = s.product AND f.t <= s.t"""


@dataclass(frozen=True, slots=True)
class Direction:
    """How a line becomes a step: which end it begins at, and in which direction time runs."""

    name: str
    tail: str
    head: str
    sign: str


FORWARD = Direction("forward", "seller", "buyer", "")
BACKWARD = Direction("backward", "buyer", "seller", "-")


@dataclass(frozen=True, slots=True)
class PathSearch:
    """Follows goods along the lines; leaves its layers in `states`, a table of its own.

    `window` is the most days between a hop and the next, None for any.
    """

    connection: duckdb.DuckDBPyConnection
    direction: Direction
    max_hops: int
    window: int | None

    @property
    def states(self) -> str:
        """The table of states: see `_STATE`."""
        return f"search_{self.direction.name}"

    def follow(self, first: str, values: Mapping[str, object]) -> None:
        """Follow goods from the lines that meet the condition `first`, over columns of a step."""
        steps = self.direction
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP VIEW {STEP} AS
            SELECT shipment, {steps.tail} AS tail, {steps.head} AS head, product,
                   {steps.sign}day AS t, breaks,
                   {steps.tail}_role AS tail_role, {steps.head}_role AS head_role
            FROM {LINE}"""
        )
        layer = self._best(_FIRST.format(step=STEP, condition=first))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {self.states} AS SELECT {_STATE} FROM ({layer})",
            {"hop": 1, **values},
        )
        for hop in range(2, self.max_hops + 1):
            layer = f"SELECT {_STATE} FROM ({self._best(self._next())}) AS layer"
            added = self.connection.execute(
                f"INSERT INTO {self.states} FROM ({layer}) AS layer WHERE {self._new()}",
                {"hop": hop},
            ).fetchall()[0][0]
            if not added:
                return

    def _best(self, steps: str) -> str:
        """Choose one step to each state: without a window the earliest, and the least line."""
        return _BEST.format(steps=steps, t="t" if self.window is not None else "min(t)")

    def _next(self) -> str:
        states = (
            f"(SELECT party, product, broken, t FROM {self.states} "
            f"WHERE hop = $hop - 1 AND role <> '{VENDOR}'"
        )
        if self.window is None:
            return _NEXT.format(steps=STEP, join="", frontier=f"{states})")
        # The latest arrival is the nearest; a clean and a broken one are two.
        return " UNION ALL ".join(
            _NEXT.format(
                steps=f"""(FROM {STEP} AS s SEMI JOIN {states} AND broken = {broken}) AS f
                    ON f.party = s.tail AND f.product = s.product)""",
                join="ASOF",
                frontier=f"{states} AND broken = {broken})",
            )
            + f" WHERE s.t - f.t <= {int(self.window)}"
            for broken in ("false", "true")
        )

    def _new(self) -> str:
        """Tell the states of a layer that no earlier one has, or, without a window, not so early.

        A state of an earlier layer that is as good was reached in fewer hops.
        """
        earlier = "seen.t = layer.t" if self.window is not None else "seen.t <= layer.t"
        return f"""NOT EXISTS (FROM {self.states} AS seen
            WHERE seen.party = layer.party AND seen.product = layer.product
              AND seen.broken = layer.broken AND {earlier})"""
