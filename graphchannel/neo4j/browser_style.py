"""The style of Neo4j Browser for a published graph, in GraSS, its own language for styles.

Labels come from the schema and the policy's roles. Of the blocks that fit a node the last one
counts, so that what is particular stands below what is general.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.neo4j.parts import main_label
from graphchannel.neo4j.reading_aids import role_label
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from graphchannel.policy import Policy

__all__ = ["grass"]

# Fill and border; white or dark text is chosen so that it can be read on the fill.
_COLOURS: dict[str, tuple[str, str]] = {
    "Party": ("#9AA5B1", "#7B8794"),
    "Vendor": ("#1F2933", "#000000"),
    "Partner": ("#9AA5B1", "#7B8794"),
    "EndUser": ("#E4E7EB", "#9AA5B1"),
    "Group": ("#CBD2D9", "#7B8794"),
    "Role": ("#B990C0", "#8E5F97"),
    "Region": ("#A8D5A2", "#5E9C56"),
    "City": ("#D3EBCF", "#7FB277"),
    "Industry": ("#F7E3AF", "#C9A94B"),
    "Product": ("#F7E3AF", "#C9A94B"),
    "Capability": ("#E6D7EC", "#B990C0"),
    "Program": ("#E6D7EC", "#B990C0"),
    "Finding": ("#D64545", "#911111"),
}
_TIERS = {  # colours of the roles of a supply tier, in the policy's order
    1: (("#035388", "#012A4A"), ("#2BB0ED", "#0B69A3")),
    2: (
        ("#B44D12", "#7C2D12"),
        ("#F0B429", "#B7791F"),
        ("#B8C4CE", "#7B8794"),
        ("#C99A6B", "#8D6B4B"),
    ),
}
_DIAMETERS = {"Vendor": 90, "Partner": 50, "EndUser": 35, "Finding": 60, "City": 35}
_TIER_DIAMETERS = {1: 75, 2: 55}
_CAPTIONS = {"Finding": "{severity}"}  # Browser fills in one property
_RELATIONSHIPS = {
    "SUPPLIED": ("#D64545", 2, "{quantity} units"),
    "TRADES_WITH": ("#2BB0ED", 6, "{lines} lines"),
    "CONCERNS": ("#911111", 1, "{as}"),
    "CERTIFIED_BY": ("#B990C0", 1, "{role}"),
}


def grass(policy: Policy) -> str:
    """Return the style: roles by colour and size, captions, trade apart from single lines."""
    blocks = [
        _block("node", _node(("#CBD2D9", "#7B8794"), 45)),
        _block("relationship", _relationship("#A5ABB6", 1, "<type>")),
    ]
    labels = [label for table in CHANNEL.nodes for label in table.labels]
    captions = {
        label: "{name}" if "name" in table.properties else "{id}"
        for table in CHANNEL.nodes
        for label in table.labels
    }
    for label in [*labels, "Finding"]:
        caption = _CAPTIONS.get(label) or captions[label]
        values = _node(_COLOURS[label], _DIAMETERS.get(label, 45), caption)
        blocks.append(_block(f"node.{label}", values))
    seen = {1: 0, 2: 0}
    for role in policy.roles:
        colours = _TIERS[role.supply_tier]
        colour = colours[seen[role.supply_tier] % len(colours)]
        seen[role.supply_tier] += 1
        values = _node(colour, _TIER_DIAMETERS[role.supply_tier], captions[_party()])
        blocks.append(_block(f"node.{role_label(role.id)}", values))
    for type_, look in _RELATIONSHIPS.items():
        blocks.append(_block(f"relationship.{type_}", _relationship(*look)))
    return "\n".join(blocks)


def _party() -> str:
    return main_label(CHANNEL.node("party"))


def _node(colours: tuple[str, str], diameter: int, caption: str | None = None) -> dict[str, str]:
    fill, border = colours
    values = {
        "diameter": f"{diameter}px",
        "color": fill,
        "border-color": border,
        "border-width": "2px",
        "text-color-internal": "#FFFFFF" if _dark(fill) else "#1F2933",
        "font-size": "10px",
    }
    return values | ({"caption": f"'{caption}'"} if caption else {})


def _relationship(colour: str, width: int, caption: str) -> dict[str, str]:
    return {
        "color": colour,
        "shaft-width": f"{width}px",
        "font-size": "8px",
        "padding": "3px",
        "text-color-external": "#1F2933",
        "text-color-internal": "#FFFFFF",
        "caption": f"'{caption}'",
    }


def _block(selector: str, values: dict[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in values.items())
    return f"{selector} {{\n{lines}}}\n"


def _dark(colour: str) -> bool:
    """Whether white is easier to read on a colour than black, by its luminance (ITU-R BT.601)."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 299 * red + 587 * green + 114 * blue < 128_000
