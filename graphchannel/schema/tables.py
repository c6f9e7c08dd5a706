"""The canonical tables: what partners and master data deliver, declared once.

DDL, templates, validation, the column guide and the graph all follow from these declarations.
"""

from __future__ import annotations

from datetime import date

from graphchannel.schema import columns as c
from graphchannel.schema.model import Kind, Table, TableColumn

OPEN_START = date(1, 1, 1)  # stored for an empty start of an interval
OPEN_END = date(9999, 12, 31)  # stored for an empty end of an interval
EVERYWHERE = "*"  # id of the region that every region is within

PARTIES = ("vendors", "partners", "end_users")  # their ids are unique across the three

_VALID_FROM = c.day("valid_from", "first day on which it holds", required=True)
_VALID_TO = c.day("valid_to", "last day on which it holds; empty: no end")

VENDORS = Table(
    "vendors",
    "manufacturers whose channel this is",
    ("id",),
    (c.key("unique among vendors, partners and end users"), c.text("name", "name", required=True)),
)
PARTNERS = Table(
    "partners",
    "companies that sell in the channel, whatever role they hold or held",
    ("id",),
    (
        c.key("unique among vendors, partners and end users"),
        c.text("name", "legal or trading name", required=True),
        c.country("ISO 3166-1 alpha-2 country of the seat"),
        c.ref("city_id", "city of the seat", "cities"),
        c.code("group_id", "legal group that the company belongs to"),
        c.number("employees", Kind.INTEGER, "number of employees", minimum=0),
        c.number("capital", Kind.DECIMAL, "company capital, one currency throughout", minimum=0),
        c.day("joined_on", "first day as a partner; empty: always was"),
        c.day("terminated_on", "last day as a partner; empty: still is"),
    ),
    interval=("joined_on", "terminated_on"),
)
END_USERS = Table(
    "end_users",
    "customers that use the products",
    ("id",),
    (
        c.key("unique among vendors, partners and end users"),
        c.text("name", "name", required=True),
        c.country("ISO 3166-1 alpha-2 country"),
        c.ref("city_id", "city", "cities"),
        c.ref("industry_id", "industry", "industries"),
        c.text("segment", "customer segment; the policy lists those in scope"),
    ),
)
CERTIFICATIONS = Table(
    "certifications",
    "who certified whom in which role, and when",
    ("holder_id", "role", "valid_from"),
    (
        c.ref("holder_id", "certified partner or end user", "partners", "end_users", required=True),
        c.role("role", "role of the policy, or certified_end_user", required=True),
        c.ref(
            "issuer_id", "vendor or partner that certified", "vendors", "partners", required=True
        ),
        _VALID_FROM,
        _VALID_TO,
    ),
    interval=("valid_from", "valid_to"),
)
AUTHORIZATIONS = Table(
    "authorizations",
    "where and in which industry a partner may sell; both given: that industry in that region",
    ("partner_id", "region_id", "industry_id", "valid_from"),
    (
        c.ref("partner_id", "authorized partner", "partners", required=True),
        c.ref("region_id", "region; empty: everywhere", "regions"),
        c.ref("industry_id", "industry; empty: every industry", "industries"),
        _VALID_FROM,
        _VALID_TO,
    ),
    interval=("valid_from", "valid_to"),
    any_of=("region_id", "industry_id"),
)
REGIONS = Table(
    "regions",
    "sales regions as a tree: countries, states, districts",
    ("id",),
    (
        c.key("region id; * is reserved", pattern=r"[^*].*|\*.+"),
        c.text("name", "name", required=True),
        c.ref("parent_id", "region that this one is part of", "regions"),
        c.country("ISO 3166-1 alpha-2 country"),
        c.number("demand", Kind.FLOAT, "market size, any one unit throughout", minimum=0),
    ),
    hierarchy="parent_id",
)
CITIES = Table(
    "cities",
    "cities that partners, branches and deliveries are in",
    ("id",),
    (
        c.key("city id"),
        c.text("name", "name", required=True),
        c.ref("region_id", "region that the city is in", "regions", required=True),
        c.number("population", Kind.INTEGER, "inhabitants", minimum=0),
        TableColumn(
            "key_city", Kind.BOOLEAN, "true where the policy asks for a distributor branch"
        ),
        c.number("latitude", Kind.FLOAT, "degrees north", minimum=-90, maximum=90),
        c.number("longitude", Kind.FLOAT, "degrees east", minimum=-180, maximum=180),
    ),
)
BRANCHES = Table(
    "branches",
    "offices of partners",
    ("partner_id", "city_id", "opened_on"),
    (
        c.ref("partner_id", "partner", "partners", required=True),
        c.ref("city_id", "city of the branch", "cities", required=True),
        c.day("opened_on", "first day open; empty: always was"),
        c.day("closed_on", "last day open; empty: still is"),
    ),
    interval=("opened_on", "closed_on"),
)
INDUSTRIES = Table(
    "industries",
    "industries of end users and authorizations",
    ("id",),
    (c.key("industry id"), c.text("name", "name", required=True)),
)
PRODUCTS = Table(
    "products",
    "what is sold",
    ("id",),
    (
        c.key("product id or SKU"),
        c.text("name", "name", required=True),
        c.text("family", "product family"),
    ),
)
SHIPMENTS = Table(
    "shipments",
    "one line: goods handed from one party to another",
    ("id",),
    (
        c.key("line id, unique over all sources"),
        c.day("shipped_on", "day of the hand-over", required=True),
        c.ref("seller_id", "party that supplied", *PARTIES, required=True),
        c.ref("buyer_id", "party that received", *PARTIES, required=True),
        c.ref("product_id", "product", "products", required=True),
        c.number(
            "quantity",
            Kind.INTEGER,
            "units, above 0; a return is a line in the other direction",
            required=True,
            minimum=1,
        ),
        c.number(
            "amount",
            Kind.DECIMAL,
            "value of the line, 0 or more, at most four decimals",
            minimum=0,
            below="a return is a line in the other direction, and a credit without goods is none",
        ),
        c.currency("ISO 4217 currency of the amount"),
        c.ref("ship_to_city_id", "city of delivery; empty: the buyer's city", "cities"),
        c.code("document", "invoice or delivery note"),
        c.code("approval", "deal registration or special-price number"),
        c.ref("reporter_id", "party that sent the report", *PARTIES),
        c.same_sale(),
    ),
    differ=("seller_id", "buyer_id"),
    settled=("seller_id", "buyer_id", "product_id"),
    settled_day=("shipped_on", 31),
)
SERIALS = Table(
    "serials",
    "serial numbers of the units of a shipment line",
    ("shipment_id", "serial"),
    (
        c.ref("shipment_id", "shipment line", "shipments", required=True),
        c.code("serial", "serial number", required=True),
    ),
)
CAPABILITIES = Table(
    "capabilities",
    "what a partner offers, such as logistics or presales_support",
    ("partner_id", "capability", "valid_from"),
    (
        c.ref("partner_id", "partner", "partners", required=True),
        c.text("capability", "capability, in the policy's words", required=True),
        _VALID_FROM,
        _VALID_TO,
    ),
    interval=("valid_from", "valid_to"),
)
PROGRAMS = Table(
    "programs",
    "incentive and marketing plans that a partner runs",
    ("partner_id", "kind", "audience", "valid_from"),
    (
        c.ref("partner_id", "partner", "partners", required=True),
        TableColumn(
            "kind",
            Kind.STRING,
            "incentive or marketing",
            required=True,
            choices=("incentive", "marketing"),
        ),
        c.role("audience", "role that the plan is for; empty: no one named"),
        _VALID_FROM,
        _VALID_TO,
    ),
    interval=("valid_from", "valid_to"),
)
TARGETS = Table(
    "targets",
    "sales that a partner promised for a region or an industry",
    ("partner_id", "region_id", "industry_id", "period_start", "currency"),
    (
        c.ref("partner_id", "partner", "partners", required=True),
        c.ref("region_id", "region; exactly one of region and industry", "regions"),
        c.ref("industry_id", "industry; exactly one of region and industry", "industries"),
        c.day("period_start", "first day of the period", required=True),
        c.day("period_end", "last day of the period", required=True),
        c.number("amount", Kind.DECIMAL, "promised sales", required=True, minimum=0),
        c.currency("ISO 4217 currency of the amount"),
    ),
    interval=("period_start", "period_end"),
    one_of=("region_id", "industry_id"),
)
SURVEYS = Table(
    "surveys",
    "tier-2 partners rating their distributor",
    ("respondent_id", "subject_id", "answered_on"),
    (
        c.ref("respondent_id", "partner that answered", "partners", required=True),
        c.ref("subject_id", "partner that was rated", "partners", required=True),
        c.day("answered_on", "day of the answer", required=True),
        c.number("score", Kind.FLOAT, "0 to 10", required=True, minimum=0, maximum=10),
    ),
    differ=("respondent_id", "subject_id"),
)
WAIVERS = Table(
    "waivers",
    "exceptions that somebody approved, for whole lines within an interval",
    ("rule", "subject_id", "object_id", "product_id", "valid_from"),
    (
        c.text("rule", "rule ids with blanks between them, such as paths/diverted", required=True),
        c.text("subject_id", "subject of the finding", required=True),
        c.text("object_id", "object of the finding; empty: any"),
        c.text("product_id", "product; empty: any"),
        _VALID_FROM,
        c.day("valid_to", "last day on which it holds", required=True),
        c.number(
            "max_quantity",
            Kind.INTEGER,
            "units that it covers at most, in shipping order",
            minimum=1,
        ),
        c.text("approver", "who approved", required=True),
        c.text("reason", "why", required=True),
        c.number("max_value", Kind.DECIMAL, "value of the lines that it covers at most", minimum=0),
        c.currency("ISO 4217 currency of max_value, which needs one"),
    ),
    interval=("valid_from", "valid_to"),
    needs=("max_value", "currency"),
)

TABLES: tuple[Table, ...] = (
    VENDORS,
    REGIONS,
    CITIES,
    INDUSTRIES,
    PRODUCTS,
    PARTNERS,
    END_USERS,
    CERTIFICATIONS,
    AUTHORIZATIONS,
    BRANCHES,
    CAPABILITIES,
    PROGRAMS,
    TARGETS,
    SURVEYS,
    SHIPMENTS,
    SERIALS,
    WAIVERS,
)  # in an order in which each table stands after those that it refers to


def table(name: str) -> Table:
    """Return the canonical table called `name`; raise KeyError if there is none."""
    for candidate in TABLES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)
