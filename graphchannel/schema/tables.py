"""The canonical tables: what partners and master data deliver, declared once.

DDL, templates, validation, the column guide and the graph all follow from these declarations.
"""

from __future__ import annotations

from datetime import date

from graphchannel.schema.model import Column, Kind, Table

OPEN_START = date(1, 1, 1)  # stored for an empty start of an interval
OPEN_END = date(9999, 12, 31)  # stored for an empty end of an interval
EVERYWHERE = "*"  # id of the region that every region is within

PARTIES = ("vendors", "partners", "end_users")  # their ids are unique across the three
_COUNTRY = "[A-Z]{2}"
_CURRENCY = "[A-Z]{3}"


def _text(name: str, doc: str, *, required: bool = False, pattern: str | None = None) -> Column:
    return Column(name, Kind.STRING, doc, required=required, pattern=pattern)


def _id(doc: str, *, pattern: str | None = None) -> Column:
    return Column("id", Kind.STRING, doc, required=True, pattern=pattern)


def _ref(name: str, doc: str, *tables: str, required: bool = False) -> Column:
    return Column(name, Kind.STRING, doc, required=required, references=tables)


def _date(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, doc, required=required)


def _number(
    name: str,
    kind: Kind,
    doc: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    return Column(name, kind, doc, required=required, minimum=minimum, maximum=maximum)


def _role(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name, Kind.STRING, doc, required=required, vocabulary="roles")


_VALID_FROM = _date("valid_from", "first day on which it holds", required=True)
_VALID_TO = _date("valid_to", "last day on which it holds; empty: no end")

VENDORS = Table(
    "vendors",
    "manufacturers whose channel this is",
    ("id",),
    (_id("unique among vendors, partners and end users"), _text("name", "name", required=True)),
)
PARTNERS = Table(
    "partners",
    "companies that sell in the channel, whatever role they hold or held",
    ("id",),
    (
        _id("unique among vendors, partners and end users"),
        _text("name", "legal or trading name", required=True),
        _text("country", "ISO 3166-1 alpha-2 country of the seat", pattern=_COUNTRY),
        _ref("city_id", "city of the seat", "cities"),
        _text("group_id", "legal group that the company belongs to"),
        _number("employees", Kind.INTEGER, "number of employees", minimum=0),
        _number("capital", Kind.DECIMAL, "company capital, one currency throughout", minimum=0),
        _date("joined_on", "first day as a partner; empty: always was"),
        _date("terminated_on", "last day as a partner; empty: still is"),
    ),
    interval=("joined_on", "terminated_on"),
)
END_USERS = Table(
    "end_users",
    "customers that use the products",
    ("id",),
    (
        _id("unique among vendors, partners and end users"),
        _text("name", "name", required=True),
        _text("country", "ISO 3166-1 alpha-2 country", pattern=_COUNTRY),
        _ref("city_id", "city", "cities"),
        _ref("industry_id", "industry", "industries"),
        _text("segment", "customer segment; the policy lists those in scope"),
    ),
)
CERTIFICATIONS = Table(
    "certifications",
    "who certified whom in which role, and when",
    ("holder_id", "role", "valid_from"),
    (
        _ref("holder_id", "certified partner or end user", "partners", "end_users", required=True),
        _role("role", "role of the policy, or certified_end_user", required=True),
        _ref("issuer_id", "vendor or partner that certified", "vendors", "partners", required=True),
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
        _ref("partner_id", "authorized partner", "partners", required=True),
        _ref("region_id", "region; empty: everywhere", "regions"),
        _ref("industry_id", "industry; empty: every industry", "industries"),
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
        _id("region id; * is reserved", pattern=r"[^*].*|\*.+"),
        _text("name", "name", required=True),
        _ref("parent_id", "region that this one is part of", "regions"),
        _text("country", "ISO 3166-1 alpha-2 country", pattern=_COUNTRY),
        _number("demand", Kind.FLOAT, "market size, any one unit throughout", minimum=0),
    ),
    hierarchy="parent_id",
)
CITIES = Table(
    "cities",
    "cities that partners, branches and deliveries are in",
    ("id",),
    (
        _id("city id"),
        _text("name", "name", required=True),
        _ref("region_id", "region that the city is in", "regions", required=True),
        _number("population", Kind.INTEGER, "inhabitants", minimum=0),
        Column("key_city", Kind.BOOLEAN, "true where the policy asks for a distributor branch"),
        _number("latitude", Kind.FLOAT, "degrees north", minimum=-90, maximum=90),
        _number("longitude", Kind.FLOAT, "degrees east", minimum=-180, maximum=180),
    ),
)
BRANCHES = Table(
    "branches",
    "offices of partners",
    ("partner_id", "city_id", "opened_on"),
    (
        _ref("partner_id", "partner", "partners", required=True),
        _ref("city_id", "city of the branch", "cities", required=True),
        _date("opened_on", "first day open; empty: always was"),
        _date("closed_on", "last day open; empty: still is"),
    ),
    interval=("opened_on", "closed_on"),
)
INDUSTRIES = Table(
    "industries",
    "industries of end users and authorizations",
    ("id",),
    (_id("industry id"), _text("name", "name", required=True)),
)
PRODUCTS = Table(
    "products",
    "what is sold",
    ("id",),
    (
        _id("product id or SKU"),
        _text("name", "name", required=True),
        _text("family", "product family"),
    ),
)
SHIPMENTS = Table(
    "shipments",
    "one line: goods handed from one party to another",
    ("id",),
    (
        _id("line id, unique over all sources"),
        _date("shipped_on", "day of the hand-over", required=True),
        _ref("seller_id", "party that supplied", *PARTIES, required=True),
        _ref("buyer_id", "party that received", *PARTIES, required=True),
        _ref("product_id", "product", "products", required=True),
        _number(
            "quantity",
            Kind.INTEGER,
            "units, above 0; a return is a line in the other direction",
            required=True,
            minimum=1,
        ),
        _number("amount", Kind.DECIMAL, "value of the line, at most four decimals"),
        _text("currency", "ISO 4217 currency of the amount", pattern=_CURRENCY),
        _ref("ship_to_city_id", "city of delivery; empty: the buyer's city", "cities"),
        _text("document", "invoice or delivery note"),
        _text("approval", "deal registration or special-price number"),
        _ref("reporter_id", "party that sent the report", *PARTIES),
    ),
    differ=("seller_id", "buyer_id"),
)
SERIALS = Table(
    "serials",
    "serial numbers of the units of a shipment line",
    ("shipment_id", "serial"),
    (
        _ref("shipment_id", "shipment line", "shipments", required=True),
        _text("serial", "serial number", required=True),
    ),
)
CAPABILITIES = Table(
    "capabilities",
    "what a partner offers, such as logistics or presales_support",
    ("partner_id", "capability", "valid_from"),
    (
        _ref("partner_id", "partner", "partners", required=True),
        _text("capability", "capability, in the policy's words", required=True),
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
        _ref("partner_id", "partner", "partners", required=True),
        Column(
            "kind",
            Kind.STRING,
            "incentive or marketing",
            required=True,
            choices=("incentive", "marketing"),
        ),
        _role("audience", "role that the plan is for; empty: no one named"),
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
        _ref("partner_id", "partner", "partners", required=True),
        _ref("region_id", "region; exactly one of region and industry", "regions"),
        _ref("industry_id", "industry; exactly one of region and industry", "industries"),
        _date("period_start", "first day of the period", required=True),
        _date("period_end", "last day of the period", required=True),
        _number("amount", Kind.DECIMAL, "promised sales", required=True, minimum=0),
        _text("currency", "ISO 4217 currency of the amount", pattern=_CURRENCY),
    ),
    interval=("period_start", "period_end"),
    one_of=("region_id", "industry_id"),
)
SURVEYS = Table(
    "surveys",
    "tier-2 partners rating their distributor",
    ("respondent_id", "subject_id", "answered_on"),
    (
        _ref("respondent_id", "partner that answered", "partners", required=True),
        _ref("subject_id", "partner that was rated", "partners", required=True),
        _date("answered_on", "day of the answer", required=True),
        _number("score", Kind.FLOAT, "0 to 10", required=True, minimum=0, maximum=10),
    ),
    differ=("respondent_id", "subject_id"),
)
WAIVERS = Table(
    "waivers",
    "exceptions that somebody approved, for whole lines within an interval",
    ("rule", "subject_id", "object_id", "product_id", "valid_from"),
    (
        _text("rule", "rule id, such as supply/vap-supplies-tier-two", required=True),
        _text("subject_id", "subject of the finding", required=True),
        _text("object_id", "object of the finding; empty: any"),
        _text("product_id", "product; empty: any"),
        _VALID_FROM,
        _date("valid_to", "last day on which it holds", required=True),
        _number("max_quantity", Kind.INTEGER, "units that it covers at most", minimum=1),
        _text("approver", "who approved", required=True),
        _text("reason", "why", required=True),
    ),
    interval=("valid_from", "valid_to"),
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
