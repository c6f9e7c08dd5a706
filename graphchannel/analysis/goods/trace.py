"""Following goods through the channel: what can have come from where, and one path that shows it.

Paths end where goods can be followed no further: at an end user, at a partner that sold none of the
product on, or at the limit of hops; followed back, at a vendor, or at a party that nobody supplied.
Of all paths to one end one is shown, and a second where one broke the policy and another did not:
that with the fewest hops, of these the one that is there first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.analysis.goods.followed import LINE
from graphchannel.analysis.goods.model import Hop, Traced, TracedPath
from graphchannel.analysis.goods.search import BACKWARD, FORWARD, STEP, PathSearch
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import duckdb

    from graphchannel.analysis.goods.model import TraceQuestion

__all__ = ["first_ends", "rank", "sound", "together", "trace"]

# Parties of which nobody reports where they had the product from: all paths begin at one.
_BEGINNINGS = f"""(tail_role = '{VENDOR}' OR NOT EXISTS (
    FROM {LINE} AS o WHERE o.buyer = tail AND o.product = {STEP}.product))"""
_ENDS = """
CREATE OR REPLACE TEMP TABLE trace_end AS
WITH state AS (
    SELECT DISTINCT ON (party, product, broken) * FROM {states}
    ORDER BY party, product, broken, hop, t, shipment
), moves AS (
    SELECT DISTINCT party, r.product, broken
    FROM {reached} AS r ASOF JOIN {steps} AS s
      ON s.tail = r.party AND s.product = r.product AND s.t >= r.t
    WHERE {near}
)
SELECT state.*,
       CASE WHEN state.party = $asked THEN 'asked'
            WHEN role IN ('vendor', $last) THEN role
            WHEN moves.party IS NULL THEN $still
            ELSE 'max_hops' END AS ends
FROM state LEFT JOIN moves USING (party, product, broken)
WHERE coalesce(state.party = $asked,
               role IN ('vendor', $last) OR moves.party IS NULL OR hop = $max_hops)
"""
_SHOWN = f"""
WITH RECURSIVE chosen AS (
    SELECT row_number() OVER (ORDER BY broken DESC, hop, t, party, product) AS number, *
    FROM trace_end
    ORDER BY number LIMIT $top
), back AS (
    SELECT number, ends, hop, tail, product, before, before_t, [shipment] AS shipments FROM chosen
    UNION ALL
    SELECT b.number, b.ends, r.hop, r.tail, r.product, r.before, r.before_t,
           [r.shipment] || b.shipments
    FROM back AS b JOIN {{states}} AS r
      ON r.hop = b.hop - 1 AND r.party = b.tail AND r.product = b.product
     AND r.broken = b.before AND r.t = b.before_t
)
SELECT w.number, w.ends, l.product, l.shipment, l.seller, l.buyer, l.day, l.quantity,
       l.seller_role, l.buyer_role, l.breaks
FROM (SELECT number, ends, unnest(shipments) AS shipment,
             generate_subscripts(shipments, 1) AS place
      FROM back
      WHERE hop = 1) AS w
JOIN {LINE} AS l USING (shipment)
ORDER BY w.number, w.place
"""


def trace(
    connection: duckdb.DuckDBPyConnection, question: TraceQuestion, top: int, *, back: bool = False
) -> Traced:
    """Follow goods along the lines (see `followed`) and show the paths to `top` ends.

    They are followed on from a party or a line, or from where they first appear, and `back` from
    a line; to a party, with none to begin at, they are followed back as well.
    """
    return sound(first_ends(connection, question, top, back=back))


def first_ends(
    connection: duckdb.DuckDBPyConnection, question: TraceQuestion, top: int, *, back: bool = False
) -> Traced:
    """Follow goods like `trace`, and keep a path that is none: it uses a line twice."""
    back = question.goes_back(asked=back)
    begins, asked = question.start, question.end
    if back:
        begins, asked = asked, begins
    if question.line is not None:
        first, values = "shipment = $begins", {"begins": question.line}
    elif begins is not None:
        first, values = "tail = $begins", {"begins": begins}
    else:
        first, values = _BEGINNINGS, {}
    direction = BACKWARD if back else FORWARD
    search = PathSearch(connection, direction, question.max_hops, question.window)
    search.follow(first, values)
    connection.execute(
        _ends(search),
        {
            "asked": asked,
            "last": VENDOR if back else END_USER,
            "still": "unknown" if back else "kept",
            "max_hops": question.max_hops,
        },
    )
    total = connection.execute("SELECT count(*) FROM trace_end").fetchall()[0][0]
    rows = connection.execute(_SHOWN.format(states=search.states), {"top": top}).fetchall()
    paths: dict[int, TracedPath] = {}
    for number, ends, product, *row in rows:
        hop = Hop.of_row(row)
        known = paths.get(number, TracedPath(product, (), ends))
        hops = (hop, *known.hops) if back else (*known.hops, hop)
        paths[number] = replace(known, hops=hops)
    return Traced(tuple(paths.values()), total - len(paths))


def together(
    parts: Iterable[Traced], place: Callable[[TracedPath], tuple[object, ...]], top: int
) -> Traced:
    """Put the paths of several products together, the `top` of all by `place`."""
    paths: list[TracedPath] = []
    total = 0
    for part in parts:
        paths = sorted([*paths, *part.paths], key=place)[:top]
        total += len(part.paths) + part.further
    return Traced(tuple(paths), total - len(paths))


def rank(path: TracedPath, *, back: bool) -> tuple[object, ...]:
    """Order paths as their ends are: broken ones first, the fewest hops, who is there first."""
    party = path.parties[0 if back else -1]
    day = -path.hops[0].day.toordinal() if back else path.hops[-1].day.toordinal()
    return (path.broken_at is None, len(path.hops), day, party, path.product)


def sound(traced: Traced) -> Traced:
    """Show no path that uses a line twice.

    Lines of one day can go round; then the path to an end over a hop that breaks the policy may
    be one to it that does not, once more.
    """
    paths = tuple(path for path in traced.paths if len(set(path.lines)) == len(path.lines))
    return Traced(paths, traced.further + len(traced.paths) - len(paths))


def _ends(search: PathSearch) -> str:
    """Return the statement that finds where paths end: whether goods went on decides."""
    if search.window is None:  # then the first arrival and the last departure tell
        reached = f"(SELECT party, product, broken, min(t) AS t FROM {search.states} GROUP BY ALL)"
        steps = f"(SELECT tail, product, max(t) AS t FROM {STEP} GROUP BY ALL)"
        return _ENDS.format(states=search.states, reached=reached, steps=steps, near="true")
    near = f"s.t - r.t <= {int(search.window)}"
    steps = f"(SELECT DISTINCT tail, product, t FROM {STEP})"
    return _ENDS.format(states=search.states, reached=search.states, steps=steps, near=near)
