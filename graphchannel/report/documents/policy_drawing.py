"""A policy's supply rulings as an SVG drawing: one column a level of the channel.

Roles on which the policy rules alike share a box. An arrow says how it rules on a hop, with the
section; pairs without an arrow are not listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from graphchannel.policy import END_USER, UNCERTIFIED, VENDOR
from graphchannel.policy.path_language import alphabet, verdict
from graphchannel.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.policy import Policy

__all__ = ["policy_svg"]

_WIDTH, _LINE, _PADDING = 190, 20, 12  # of boxes
_GAP_X, _GAP_Y, _MARGIN, _TOP = 130, 60, 40, 110
_LEGEND = 60
# ruling → colour and dashes, which can be told apart without colours too
_STYLES: Mapping[str, tuple[str, str]] = {
    "allowed": ("#1b5e3f", ""),
    "discouraged": ("#b06a00", "9 5"),
    "forbidden": ("#b3261e", "2 4"),
}


@dataclass(frozen=True, slots=True)
class _Box:
    """Roles in one box; `column` is the level, `y` the middle."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    column: int
    y: float

    @property
    def left(self) -> float:
        return _MARGIN + self.column * (_WIDTH + _GAP_X)

    @property
    def right(self) -> float:
        return self.left + _WIDTH

    @property
    def height(self) -> float:
        return len(self.names) * _LINE + 2 * _PADDING


@dataclass(frozen=True, slots=True)
class _Arrow:
    """A ruling on the hops from one box to another."""

    source: _Box
    target: _Box
    ruling: str
    sections: str


def policy_svg(policy: Policy) -> str:
    """Return the drawing as the text of an SVG file."""
    boxes = _boxes(policy)
    arrows = _arrows(policy, boxes)
    width = max(box.right for box in boxes) + _MARGIN
    height = max(box.y + box.height / 2 for box in boxes) + _GAP_Y + _LEGEND
    title = escape(visible(f"{policy.title}: who may supply whom"))
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" font-family="sans-serif" font-size="14" '
            f'role="img" aria-label="{title}">'
        ),
        _markers(),
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
        f'<text x="{_MARGIN}" y="34" font-size="18" font-weight="bold">{title}</text>',
        *(_drawn_arrow(arrow, arrows, boxes) for arrow in arrows),
        *(_drawn_box(box) for box in boxes),
        _legend(height - _LEGEND / 2),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes(policy: Policy) -> list[_Box]:
    """Place the boxes: below each other by level, as near as can be to what supplies them."""
    names = {VENDOR: "Vendor", END_USER: "End user"} | {r.id: r.name for r in policy.roles}
    tiers = policy.supply_tiers
    levels = sorted(set(tiers.values()))
    placed: list[_Box] = []
    for column, level in enumerate(levels):
        top = float(_TOP)
        groups = [g for g in _alike(policy) if tiers[g[0]] == level]
        wanted = {g: _middle_of_suppliers(policy, g, placed) for g in groups}
        for group in sorted(groups, key=lambda g: wanted[g]):  # stable: else the policy's order
            box = _Box(group, tuple(names[role] for role in group), column, 0)
            y = max(top + box.height / 2, wanted[group])
            placed.append(_Box(box.roles, box.names, column, y))
            top = y + box.height / 2 + _GAP_Y
    return placed


def _alike(policy: Policy) -> list[tuple[str, ...]]:
    """Group roles of one level on which the policy rules alike, as sellers and as buyers."""
    tiers = policy.supply_tiers
    roles = [role for role in alphabet(policy) if role != UNCERTIFIED]
    groups: dict[object, list[str]] = {}
    for role in roles:
        ruled = tuple(
            (verdict(policy, role, other), verdict(policy, other, role)) for other in roles
        )
        groups.setdefault((tiers.get(role, role), ruled), []).append(role)
    return [tuple(group) for group in groups.values()]


def _middle_of_suppliers(policy: Policy, group: Sequence[str], placed: Sequence[_Box]) -> float:
    heights = [box.y for box in placed if verdict(policy, box.roles[0], group[0]) == "allowed"]
    return sum(heights) / len(heights) if heights else 0.0


def _arrows(policy: Policy, boxes: Sequence[_Box]) -> list[_Arrow]:
    found = []
    for source in boxes:
        for target in boxes:
            entries = [
                entry
                for entry in policy.supply
                if entry.seller in source.roles and entry.buyer in target.roles
            ]
            if entries:
                sections = ", ".join(dict.fromkeys(entry.section for entry in entries))
                found.append(_Arrow(source, target, entries[0].ruling, sections))
    return found


def _drawn_arrow(arrow: _Arrow, arrows: Sequence[_Arrow], boxes: Sequence[_Box]) -> str:
    colour, dashes = _STYLES[arrow.ruling]
    path, x, y = _curve(arrow, arrows, boxes)
    label = escape(visible(f"§ {arrow.sections}"))
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}" marker-end="url(#{arrow.ruling})"/>'
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="{colour}" font-size="12" '
        f'stroke="#ffffff" stroke-width="4" paint-order="stroke">{label}</text>'
    )


def _curve(
    arrow: _Arrow, arrows: Sequence[_Arrow], boxes: Sequence[_Box]
) -> tuple[str, float, float]:
    """Return the path of an arrow and the place of its label."""
    source, target = arrow.source, arrow.target
    if source.column == target.column:
        return _round_the_side(source, target)
    if source.column > target.column:  # up the channel
        x, x_end, y, y_end = source.left, target.right + 8, source.y, target.y
        middle = (x + x_end) / 2
        path = f"M {x:g} {y:g} C {middle:g} {y:g} {middle:g} {y_end:g} {x_end:g} {y_end:g}"
        return path, middle, (y + y_end) / 2 + 4
    onward = [other for other in arrows if other.source.column < other.target.column]
    leaving = [other for other in onward if other.source == source]
    coming = [other for other in onward if other.target == target]
    y = _port(source, arrow, leaving, [_aim(other.target, other, boxes) for other in leaving])
    y_end = _port(target, arrow, coming, [_aim(other.source, other, boxes) for other in coming])
    x, x_end, bend, lift = source.right, target.left - 8, _GAP_X * 0.7, _lift(arrow, boxes)
    path = (
        f"M {x:g} {y:g} C {x + bend:g} {y + lift:g} {x_end - bend:g} {y_end + lift:g} "
        f"{x_end:g} {y_end:g}"
    )
    # a cubic curve at its middle
    return path, (x + x_end) / 2, (y + y_end) / 2 + lift * 0.75 + 4


def _round_the_side(source: _Box, target: _Box) -> tuple[str, float, float]:
    """Lead an arrow to a box below on the right side, to one above on the left side."""
    down = source.y <= target.y
    y = source.y + source.height * (0.35 if down else -0.35)
    y_end = target.y - target.height * (0.35 if down else -0.35)
    way = 1 if down else -1
    x, x_end = (source.right, target.right) if down else (source.left, target.left)
    bow = x + way * _GAP_X / 3
    path = f"M {x:g} {y:g} C {bow:g} {y:g} {bow:g} {y_end:g} {x_end + way * 8:g} {y_end:g}"
    return path, bow - way * 8, (y + y_end) / 2 + 4


def _aim(box: _Box, arrow: _Arrow, boxes: Sequence[_Box]) -> float:
    """Return the height at which an arrow comes from, or goes to, a box."""
    return box.y + _lift(arrow, boxes) * 2


def _port(box: _Box, arrow: _Arrow, ends: Sequence[_Arrow], aims: Sequence[float]) -> float:
    """Return where an arrow meets the side of a box, so that no two meet there or cross."""
    order = sorted(range(len(ends)), key=lambda number: aims[number])
    place = order.index(ends.index(arrow))
    return box.y + (place - (len(ends) - 1) / 2) * min(16.0, box.height / len(ends))


def _lift(arrow: _Arrow, boxes: Sequence[_Box]) -> float:
    """Return how far an arrow bends up (below 0) or down to miss the boxes in between."""
    source, target = arrow.source, arrow.target
    lift = 0.0
    for box in boxes:
        if source.column < box.column < target.column:
            share = (box.column - source.column) / (target.column - source.column)
            middle = source.y + share * (target.y - source.y)
            clear = box.height / 2 + 24
            way = -1 if source.y <= box.y else 1
            if way * (middle - box.y) < clear:
                lift = way * max(abs(lift), (clear - way * (middle - box.y)) / 0.75)
    return lift


def _drawn_box(box: _Box) -> str:
    top = box.y - box.height / 2
    lines = [
        f'<text x="{box.left + _WIDTH / 2:g}" y="{top + _PADDING + (n + 0.75) * _LINE:g}" '
        f'text-anchor="middle">{escape(visible(name))}</text>'
        for n, name in enumerate(box.names)
    ]
    frame = (
        f'<rect x="{box.left:g}" y="{top:g}" width="{_WIDTH}" height="{box.height:g}" rx="8" '
        'fill="#f2f5f9" stroke="#33475b" stroke-width="1.5"/>'
    )
    return frame + "".join(lines)


def _markers() -> str:
    return "<defs>{}</defs>".format(
        "".join(
            f'<marker id="{ruling}" viewBox="0 0 10 10" refX="2" refY="5" markerWidth="5" '
            f'markerHeight="5" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="{colour}"/>'
            "</marker>"
            for ruling, (colour, _) in _STYLES.items()
        )
    )


def _legend(y: float) -> str:
    parts = []
    for number, (ruling, (colour, dashes)) in enumerate(_STYLES.items()):
        x = _MARGIN + number * 190
        parts.append(
            f'<line x1="{x}" y1="{y:g}" x2="{x + 46}" y2="{y:g}" stroke="{colour}" '
            f'stroke-width="2" stroke-dasharray="{dashes}"/>'
            f'<text x="{x + 56}" y="{y + 5:g}">{ruling}</text>'
        )
    return "".join(parts)
