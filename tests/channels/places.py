"""What random channels have in common: places, days, what rows are told apart by."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

AS_OF = date(2015, 6, 20)
GIVEN = {  # parameters of the policy at which so few lines tell something
    "opening_stock": 0,
    "window_days": 40,
    "satisfaction_respondents": 3,
    "minimum_employees": 50,
    "minimum_capital": 1000.0,
    "sell_off_days": 3,
}
TIER_TWO = ("platinum", "gold", "silver", "recognized")
ROLES = ("distributor", "vap", *TIER_TWO)
MUST_OFFER = (
    {  # that a partner of a role may be without fault
        "distributor": "logistics financing technical_support service_support marketing branding",
        "vap": "customer_platform technical_support solution_support branding system_integration "
        "industry_consultancy",
        "recognized": "presales_support branding",
    }
    | dict.fromkeys(TIER_TWO[:3], "customer_platform presales_support postsales_support branding")
)
PLACES: Tables = {
    "vendors": [{"id": "V", "name": "Vendor"}, {"id": "W", "name": "Other vendor"}],
    "regions": [
        {"id": "DE", "name": "Germany", "country": "DE", "parent_id": None, "demand": 10},
        {"id": "BY", "name": "Bavaria", "country": None, "parent_id": "DE", "demand": 6},
        {"id": "BE", "name": "Berlin", "country": None, "parent_id": "DE", "demand": 4},
        {"id": "FR", "name": "France", "country": "FR", "parent_id": None, "demand": 3},
        {"id": "SEA", "name": "At sea", "country": None, "parent_id": None, "demand": None},
    ],
    "cities": [
        {"id": "MUC", "name": "Munich", "region_id": "BY", "key_city": True},
        {"id": "BER", "name": "Berlin", "region_id": "BE", "key_city": None},
        {"id": "GER", "name": "Elsewhere", "region_id": "DE", "key_city": True},
        {"id": "PAR", "name": "Paris", "region_id": "FR", "key_city": True},
        {"id": "RIG", "name": "The rig", "region_id": "SEA", "key_city": False},
    ],
    "industries": [{"id": "finance", "name": "Finance"}, {"id": "gov", "name": "Government"}],
    "products": [{"id": id_, "name": f"Router {id_}"} for id_ in "XYZ"],
}
TERRITORIES = [
    ("DE", None), ("BY", None), ("FR", None), ("FR", "gov"), (None, "gov"), ("BE", "finance"),
]  # fmt: skip
CITIES, PRODUCTS = ("MUC", "BER", "GER", "PAR", "RIG"), "XYZ"
PERIODS = (89, AS_OF.timetuple().tm_yday - 1, 364)  # days: quarters, to the as-of day, years
AGREED = "seller_id, buyer_id, product_id, shipped_on"  # in which lines of one sale may agree
KEYS = {
    "certifications": ("holder_id", "role", "valid_from"),
    "authorizations": ("partner_id", "region_id", "industry_id", "valid_from"),
    "branches": ("partner_id", "city_id", "opened_on"),
    "capabilities": ("partner_id", "capability", "valid_from"),
    "programs": ("partner_id", "kind", "audience", "valid_from"),
    "targets": ("partner_id", "region_id", "industry_id", "period_start", "currency"),
    "surveys": ("respondent_id", "subject_id", "answered_on"),
}
