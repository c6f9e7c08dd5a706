"""The channel graph: labels and relationship types laid over the workspace's `graph` relations.

`CHANNEL` is what rules are compiled against; `RELATIONS` says how each relation follows from the
canonical and derived tables. Property names are the column names of the canonical tables.
"""

from __future__ import annotations

from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
)

_S, _I, _F, _B, _D = Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN, Kind.DATE


def _properties(*required: tuple[str, Kind], **optional: Kind) -> dict[str, Property]:
    """Declare properties in columns of their own name; `required` ones hold no null."""
    never_null = {name: Property(name, kind, nullable=False) for name, kind in required}
    return never_null | {name: Property(name, kind) for name, kind in optional.items()}


def _node(label: str, *required: tuple[str, Kind], **optional: Kind) -> NodeTable:
    name = label.lower()
    properties = _properties(("id", _S), *required, **optional)
    return NodeTable(name, f"graph.{name}", "id", properties, {label: None})


_PARTY = NodeTable(
    "party",
    "graph.party",
    "id",
    _properties(
        ("id", _S),
        ("name", _S),
        country=_S,
        city_id=_S,
        group_id=_S,
        employees=_I,
        capital=_F,
        joined_on=_D,
        terminated_on=_D,
        industry_id=_S,
        segment=_S,
    ),
    {
        "Party": None,
        "Vendor": Filter("kind", ("vendor",)),
        "Partner": Filter("kind", ("partner",)),
        "EndUser": Filter("kind", ("end_user",)),
    },
)


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


def _partner(column: str) -> Endpoint:
    return Endpoint(column, "party", {"Party": None, "Partner": None})


def _party(column: str) -> Endpoint:
    return Endpoint(column, "party", {"Party": None})


def _end(column: str, label: str) -> Endpoint:
    return Endpoint(column, label.lower(), {label: None})


def _edge(
    type_: str,
    relation: str,
    source: Endpoint,
    target: Endpoint,
    *required: tuple[str, Kind],
    **optional: Kind,
) -> EdgeTable:
    properties = _properties(*required, **optional)
    return EdgeTable(type_, f"graph.{relation}", "_id", source, target, properties)


_VALID = (("valid_from", _D), ("valid_to", _D))
_PROMISE = (("period_start", _D), ("period_end", _D), ("amount", _F))

CHANNEL = GraphSchema(
    nodes=(
        _PARTY,
        NodeTable("group", "graph.legal_group", "id", _properties(("id", _S)), {"Group": None}),
        _node("Role", ("rank", _I), ("supply_tier", _I), name=_S, section=_S),
        _node("Region", ("name", _S), parent_id=_S, country=_S, demand=_F),
        _node(
            "City",
            ("name", _S),
            ("region_id", _S),
            population=_I,
            key_city=_B,
            latitude=_F,
            longitude=_F,
        ),
        _node("Industry", ("name", _S)),
        _node("Product", ("name", _S), family=_S),
        _node("Capability"),
        _node("Program"),
    ),
    edges=(
        _edge(
            "SUPPLIED",
            "supplied",
            _trading_end("seller_id", "seller_role"),
            _trading_end("buyer_id", "buyer_role"),
            ("id", _S),
            ("shipped_on", _D),
            ("quantity", _I),
            ("product_id", _S),
            ("seller_role", _S),
            ("buyer_role", _S),
            ("flow", _S),
            amount=_F,
            currency=_S,
            ship_to_city_id=_S,
            document=_S,
            approval=_S,
            reporter_id=_S,
            destination_id=_S,
        ),
        _edge(
            "HANDED_OVER",
            "handed_over",
            _trading_end("seller_id", "seller_role"),
            _trading_end("buyer_id", "buyer_role"),
            ("serial", _S),
            ("shipment_id", _S),
            ("shipped_on", _D),
            ("product_id", _S),
            ("quantity", _I),
            ("seller_role", _S),
            ("buyer_role", _S),
            ("flow", _S),
        ),
        _edge(
            "CERTIFIED_BY",
            "certified_by",
            _party("holder_id"),
            _party("issuer_id"),
            ("role", _S),
            *_VALID,
        ),
        _edge("MEMBER_OF", "member_of", _partner("partner_id"), _end("group_id", "Group")),
        _edge(
            "AUTHORIZED_IN",
            "authorized_in",
            _partner("partner_id"),
            _end("region_id", "Region"),
            *_VALID,
            industry_id=_S,
        ),
        _edge(
            "HAS_BRANCH",
            "has_branch",
            _partner("partner_id"),
            _end("city_id", "City"),
            ("opened_on", _D),
            ("closed_on", _D),
        ),
        _edge("LOCATED_IN", "located_in", _party("party_id"), _end("city_id", "City")),
        _edge("PART_OF", "part_of", _end("region_id", "Region"), _end("parent_id", "Region")),
        _edge("WITHIN", "city_within", _end("city_id", "City"), _end("region_id", "Region")),
        _edge("WITHIN", "region_within", _end("inner_id", "Region"), _end("region_id", "Region")),
        _edge(
            "IN_INDUSTRY",
            "in_industry",
            Endpoint("end_user_id", "party", {"Party": None, "EndUser": None}),
            _end("industry_id", "Industry"),
        ),
        _edge(
            "OFFERS", "offers", _partner("partner_id"), _end("capability", "Capability"), *_VALID
        ),
        _edge(
            "RUNS", "runs", _partner("partner_id"), _end("kind", "Program"), *_VALID, audience=_S
        ),
        _edge(
            "PROMISED",
            "promised_region",
            _partner("partner_id"),
            _end("region_id", "Region"),
            *_PROMISE,
            currency=_S,
        ),
        _edge(
            "PROMISED",
            "promised_industry",
            _partner("partner_id"),
            _end("industry_id", "Industry"),
            *_PROMISE,
            currency=_S,
        ),
        _edge(
            "RATED",
            "rated",
            _partner("respondent_id"),
            _partner("subject_id"),
            ("answered_on", _D),
            ("score", _F),
        ),
        _edge(
            "MAY_SUPPLY",
            "may_supply",
            _end("seller_role", "Role"),
            _end("buyer_role", "Role"),
            ("ruling", _S),
            ("section", _S),
            rule=_S,
        ),
        _edge(
            "MUST_OFFER",
            "must_offer",
            _end("role", "Role"),
            _end("capability", "Capability"),
            ("section", _S),
        ),
    ),
)


def _identified(source: str, *key: str, where: str = "true", columns: str = "*") -> str:
    """Select rows with `_id`: the key parts, each with its length, so that no two keys meet."""
    parts = ", ".join(
        f"length(coalesce({part}::VARCHAR, '')), coalesce({part}::VARCHAR, '')" for part in key
    )
    return f"SELECT concat_ws(':', {parts}) AS _id, {columns} FROM {source} WHERE {where}"


# Relation → SELECT over the workspace's tables. `derived.*` are kept by the derive step.
RELATIONS: dict[str, str] = {
    "party": """
        SELECT id, 'vendor' AS kind, name, NULL::VARCHAR AS country, NULL::VARCHAR AS city_id,
               NULL::VARCHAR AS group_id, NULL::BIGINT AS employees, NULL::DOUBLE AS capital,
               NULL::DATE AS joined_on, NULL::DATE AS terminated_on,
               NULL::VARCHAR AS industry_id, NULL::VARCHAR AS segment, _load FROM vendors
        UNION ALL
        SELECT id, 'partner', name, country, city_id, group_id, employees, capital::DOUBLE,
               joined_on, terminated_on, NULL, NULL, _load FROM partners
        UNION ALL
        SELECT id, 'end_user', name, country, city_id, NULL, NULL, NULL, NULL, NULL,
               industry_id, segment, _load FROM end_users""",
    "legal_group": """
        SELECT group_id AS id, min(_load) AS _load FROM partners WHERE group_id IS NOT NULL
        GROUP BY group_id""",
    "role": "SELECT * FROM derived.policy_role",
    "region": """
        SELECT * FROM regions
        UNION ALL BY NAME SELECT '*' AS id, 'everywhere' AS name, 0 AS _load""",
    "city": "SELECT * FROM cities",
    "industry": "SELECT * FROM industries",
    "product": "SELECT * FROM products",
    "capability": """
        SELECT id, min(_load) AS _load FROM (
            SELECT capability AS id, _load FROM capabilities
            UNION ALL SELECT capability, 0 FROM derived.policy_must_offer)
        GROUP BY id""",
    "program": """
        SELECT id, 0 AS _load FROM (VALUES ('incentive'), ('marketing')) kinds(id)""",
    "supplied": """
        SELECT id AS _id, id, shipped_on, seller_id, buyer_id, product_id, quantity,
               amount::DOUBLE AS amount, currency, ship_to_city_id, document, approval,
               reporter_id, seller_role, buyer_role, flow, destination_id,
               greatest(_load, _derived) AS _load FROM shipments""",
    # One unit with a serial number on one line; `quantity` is the line's.
    "handed_over": """
        SELECT concat_ws(':', length(unit.shipment_id), unit.shipment_id, unit.serial) AS _id,
               unit.serial, unit.shipment_id, line.shipped_on, line.seller_id, line.buyer_id,
               line.product_id, line.quantity, line.seller_role, line.buyer_role, line.flow,
               greatest(unit._load, line._load, line._derived) AS _load
        FROM serials AS unit JOIN shipments AS line ON line.id = unit.shipment_id""",
    "certified_by": _identified("certifications", "holder_id", "role", "valid_from"),
    "member_of": _identified(
        "partners",
        "id",
        where="group_id IS NOT NULL",
        columns="id AS partner_id, group_id, _load",
    ),
    "authorized_in": _identified(
        "authorizations",
        "partner_id",
        "region_id",
        "industry_id",
        "valid_from",
        columns="partner_id, coalesce(region_id, '*') AS region_id, industry_id, "
        "valid_from, valid_to, _load",
    ),
    "has_branch": _identified("branches", "partner_id", "city_id", "opened_on"),
    "located_in": _identified(
        "graph.party", "id", where="city_id IS NOT NULL", columns="id AS party_id, city_id, _load"
    ),
    "part_of": _identified(
        "regions",
        "id",
        where="parent_id IS NOT NULL",
        columns="id AS region_id, parent_id, _load",
    ),
    "city_within": _identified("derived.city_within", "city_id", "region_id"),
    "region_within": _identified("derived.region_within", "'r'", "inner_id", "region_id"),
    "in_industry": _identified(
        "end_users",
        "id",
        where="industry_id IS NOT NULL",
        columns="id AS end_user_id, industry_id, _load",
    ),
    "offers": _identified("capabilities", "partner_id", "capability", "valid_from"),
    "runs": _identified("programs", "partner_id", "kind", "audience", "valid_from"),
    "promised_region": _identified(
        "targets",
        "partner_id",
        "region_id",
        "period_start",
        "currency",
        where="region_id IS NOT NULL",
        columns="* REPLACE (amount::DOUBLE AS amount)",
    ),
    "promised_industry": _identified(
        "targets",
        "'i'",
        "partner_id",
        "industry_id",
        "period_start",
        "currency",
        where="industry_id IS NOT NULL",
        columns="* REPLACE (amount::DOUBLE AS amount)",
    ),
    "rated": _identified("surveys", "respondent_id", "subject_id", "answered_on"),
    "may_supply": _identified("derived.policy_may_supply", "seller_role", "buyer_role"),
    "must_offer": _identified("derived.policy_must_offer", "role", "capability"),
}
