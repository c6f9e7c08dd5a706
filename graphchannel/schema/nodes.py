"""The nodes of the channel graph: parties, roles, places, and what is sold and offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema import tables as t
from graphchannel.schema.model import Filter, Kind, NodeTable
from graphchannel.schema.properties import of, own, some_of

if TYPE_CHECKING:
    from graphchannel.schema.model import Table
    from graphchannel.schema.properties import Properties

__all__ = ["NODES", "SECTION"]

SECTION = "section of the policy document that says so"


def _node(
    label: str, doc: str, properties: Properties, table: Table | None = None, relation: str = ""
) -> NodeTable:
    name = label.lower()
    return NodeTable(
        name,
        f"graph.{relation or name}",
        "id",
        properties,
        {label: None},
        docs={label: doc},
        tables={} if table is None else {label: table.name},
    )


_PARTY = NodeTable(
    "party",
    "graph.party",
    "id",
    of(t.PARTNERS, "id", "name")
    | some_of(t.PARTNERS, "country", "city_id", "group_id", "employees", "capital")
    | some_of(t.PARTNERS, "joined_on", "terminated_on")
    | some_of(t.END_USERS, "industry_id", "segment"),
    {
        "Party": None,
        "Vendor": Filter("kind", ("vendor",)),
        "Partner": Filter("kind", ("partner",)),
        "EndUser": Filter("kind", ("end_user",)),
    },
    docs={
        "Party": "whoever supplies or is supplied: a vendor, a partner or an end user",
        "Vendor": "a manufacturer whose channel this is",
        "Partner": "a company that sells in the channel, whatever role it holds or held",
        "EndUser": "a customer that uses the products",
    },
    tables={"Vendor": "vendors", "Partner": "partners", "EndUser": "end_users"},
)


NODES = (
    _PARTY,
    _node(
        "Group",
        "a legal group that partners belong to",
        own("id", Kind.STRING, "group id, as partners name it"),
        relation="legal_group",
    ),
    _node(
        "Role",
        "a role that the policy knows: a programme level of partners",
        own("id", Kind.STRING, "role id of the policy")
        | own("rank", Kind.INTEGER, "place in the policy's order of roles, from 1; vendor 0")
        | own("supply_tier", Kind.INTEGER, "1 or 2; vendor 0, end user 3")
        | own("name", Kind.STRING, "name in the policy", nullable=True)
        | own("section", Kind.STRING, SECTION, nullable=True),
    ),
    _node(
        "Region",
        "a sales region; the region `*` stands for everywhere",
        of(t.REGIONS, "id", "name", "parent_id", "country", "demand"),
        t.REGIONS,
    ),
    _node(
        "City",
        "a city that partners, branches and deliveries are in",
        of(t.CITIES, "id", "name", "region_id", "population", "key_city")
        | of(t.CITIES, "latitude", "longitude"),
        t.CITIES,
    ),
    _node(
        "Industry",
        "an industry of end users and authorizations",
        of(t.INDUSTRIES, "id", "name"),
        t.INDUSTRIES,
    ),
    _node("Product", "what is sold", of(t.PRODUCTS, "id", "name", "family"), t.PRODUCTS),
    _node(
        "Capability",
        "what a partner can offer, such as logistics or presales_support",
        own("id", Kind.STRING, "capability, in the policy's words"),
    ),
    _node(
        "Program",
        "a kind of plan that a partner runs for others",
        own("id", Kind.STRING, "incentive or marketing"),
    ),
)
