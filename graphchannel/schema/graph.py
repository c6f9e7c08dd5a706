"""The channel graph: labels and relationship types laid over the workspace's `graph` relations.

`CHANNEL` is what rules are compiled against. A property that is a column of a canonical table has
that column's name, type and meaning; only what no table holds is described here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema import tables as t
from graphchannel.schema.model import EdgeTable, Endpoint, Filter, GraphSchema, Kind
from graphchannel.schema.nodes import NODES, SECTION
from graphchannel.schema.properties import derived, of, own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.schema.model import Property, Table

__all__ = ["CHANNEL"]


def _trading_end(column: str, role: str) -> Endpoint:
    """Describe an end of a shipment line, whose derived role tells the kind of party."""
    return Endpoint(
        column,
        "party",
        {
            "Party": None,
            "Vendor": Filter(role, ("vendor",)),
            "EndUser": Filter(role, ("end_user",)),
            "Partner": Filter(role, ("vendor", "end_user"), negated=True),
        },
    )


_SELLER = _trading_end("seller_id", "seller_role")
_BUYER = _trading_end("buyer_id", "buyer_role")


def _partner(column: str) -> Endpoint:
    return Endpoint(column, "party", {"Party": None, "Partner": None})


def _party(column: str) -> Endpoint:
    return Endpoint(column, "party", {"Party": None})


def _end(column: str, label: str) -> Endpoint:
    return Endpoint(column, label.lower(), {label: None})


def _edge(
    type_: str,
    ends: tuple[Endpoint, Endpoint],
    doc: str,
    properties: Mapping[str, Property] | None = None,
    *,
    table: Table | None = None,
    relation: str = "",
) -> EdgeTable:
    return EdgeTable(
        type_,
        f"graph.{relation or type_.lower()}",
        "_id",
        *ends,
        properties or {},
        doc=doc,
        table=None if table is None else table.name,
    )


_PROMISE = of(t.TARGETS, "period_start", "period_end", "amount", "currency")

_SALE = own(
    "sale",
    Kind.STRING,
    "what a line of the same sale says, in the columns of `same_sale`, as text; "
    "empty: the line has neither `same_sale` nor a document",
    nullable=True,
) | own(
    "says",
    Kind.STRING,
    "what this line says in all columns that `same_sale` can name, as text; empty: it is the "
    "second of its file, or a later one, that says this",
    nullable=True,
)

_TRADE = (
    _edge(
        "SUPPLIED",
        (_SELLER, _BUYER),
        "one shipment line: goods handed from one party to another",
        of(t.SHIPMENTS, "id", "shipped_on", "quantity", "product_id")
        | derived("seller_role", "buyer_role", "flow")
        | of(t.SHIPMENTS, "amount", "currency", "ship_to_city_id", "document", "approval")
        | of(t.SHIPMENTS, "reporter_id", "same_sale")
        | _SALE
        | derived("destination_id"),
        table=t.SHIPMENTS,
    ),
    _edge(
        "HANDED_OVER",
        (_SELLER, _BUYER),
        "one unit with a serial number on one shipment line, whose values it repeats",
        of(t.SERIALS, "serial", "shipment_id")
        | of(t.SHIPMENTS, "shipped_on", "product_id", "quantity")
        | derived("seller_role", "buyer_role", "flow"),
        table=t.SERIALS,
    ),
)

_STANDING = (
    _edge(
        "CERTIFIED_BY",
        (_party("holder_id"), _party("issuer_id")),
        "a certificate: the issuer certified the holder in a role",
        of(t.CERTIFICATIONS, "role", "valid_from", "valid_to"),
        table=t.CERTIFICATIONS,
    ),
    _edge(
        "MEMBER_OF",
        (_partner("partner_id"), _end("group_id", "Group")),
        "the partner belongs to the legal group",
    ),
    _edge(
        "AUTHORIZED_IN",
        (_partner("partner_id"), _end("region_id", "Region")),
        "a territory: the partner may sell in the region, everywhere if that is `*`",
        of(t.AUTHORIZATIONS, "valid_from", "valid_to", "industry_id"),
        table=t.AUTHORIZATIONS,
    ),
    _edge(
        "HAS_BRANCH",
        (_partner("partner_id"), _end("city_id", "City")),
        "the partner has an office in the city",
        of(t.BRANCHES, "opened_on", "closed_on"),
        table=t.BRANCHES,
    ),
)

_PLACES = (
    _edge(
        "LOCATED_IN",
        (_party("party_id"), _end("city_id", "City")),
        "the partner's seat, or the end user, is in the city",
    ),
    _edge(
        "PART_OF",
        (_end("region_id", "Region"), _end("parent_id", "Region")),
        "the region is directly part of the other",
    ),
    _edge(
        "WITHIN",
        (_end("city_id", "City"), _end("region_id", "Region")),
        "the city is in the region, directly or through others; each is within `*`",
        relation="city_within",
    ),
    _edge(
        "WITHIN",
        (_end("inner_id", "Region"), _end("region_id", "Region")),
        "the region is the other or part of it, directly or through others; each is within `*`",
        relation="region_within",
    ),
    _edge(
        "IN_INDUSTRY",
        (
            Endpoint("end_user_id", "party", {"Party": None, "EndUser": None}),
            _end("industry_id", "Industry"),
        ),
        "the end user works in the industry",
    ),
)

_OBLIGATIONS = (
    _edge(
        "OFFERS",
        (_partner("partner_id"), _end("capability", "Capability")),
        "the partner offers the capability",
        of(t.CAPABILITIES, "valid_from", "valid_to"),
        table=t.CAPABILITIES,
    ),
    _edge(
        "RUNS",
        (_partner("partner_id"), _end("kind", "Program")),
        "the partner runs a plan of this kind",
        of(t.PROGRAMS, "valid_from", "valid_to", "audience"),
        table=t.PROGRAMS,
    ),
    _edge(
        "PROMISED",
        (_partner("partner_id"), _end("region_id", "Region")),
        "a sales target for the region",
        _PROMISE,
        table=t.TARGETS,
        relation="promised_region",
    ),
    _edge(
        "PROMISED",
        (_partner("partner_id"), _end("industry_id", "Industry")),
        "a sales target for the industry",
        _PROMISE,
        table=t.TARGETS,
        relation="promised_industry",
    ),
    _edge(
        "RATED",
        (_partner("respondent_id"), _partner("subject_id")),
        "a survey: a tier-2 partner rated its distributor",
        of(t.SURVEYS, "answered_on", "score"),
        table=t.SURVEYS,
    ),
)

_POLICY = (
    _edge(
        "MAY_SUPPLY",
        (_end("seller_role", "Role"), _end("buyer_role", "Role")),
        "how the policy rules on lines from the one role to the other",
        own("ruling", Kind.STRING, "allowed, discouraged or forbidden")
        | own("section", Kind.STRING, SECTION)
        | own("rule", Kind.STRING, "rule that reports such lines; allowed: none", nullable=True),
    ),
    _edge(
        "MUST_OFFER",
        (_end("role", "Role"), _end("capability", "Capability")),
        "a partner in the role has to offer the capability",
        own("section", Kind.STRING, SECTION),
    ),
)

CHANNEL = GraphSchema(nodes=NODES, edges=(*_TRADE, *_STANDING, *_PLACES, *_OBLIGATIONS, *_POLICY))
