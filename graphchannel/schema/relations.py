"""How each relation of the graph follows from the workspace's tables."""

from __future__ import annotations

from graphchannel.schema.sale import SALE, SAYS

__all__ = ["RELATIONS"]


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
    "supplied": f"""
        SELECT id AS _id, id, shipped_on, seller_id, buyer_id, product_id, quantity,
               amount::DOUBLE AS amount, currency, ship_to_city_id, document, approval,
               reporter_id, same_sale, {SALE} AS sale, {SAYS} AS says,
               seller_role, buyer_role, flow, destination_id,
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
