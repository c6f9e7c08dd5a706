"""Invented company names, and what the channel sells and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.demo.draws import Draws

INDUSTRIES = (
    "education",
    "energy",
    "finance",
    "government",
    "healthcare",
    "hospitality",
    "internet_services",
    "manufacturing",
    "media",
    "public_safety",
    "retail",
    "transport",
)

# family, id prefix, price of its cheapest product in cents, price step
FAMILIES = (
    ("switch", "SW", 39_900, 21_300),
    ("router", "RT", 74_900, 48_150),
    ("firewall", "FW", 112_000, 64_990),
    ("wlan", "WL", 18_950, 7_425),
    ("server", "SV", 259_000, 88_800),
    ("storage", "ST", 489_000, 131_250),
    ("telepresence", "TP", 349_500, 97_999),
    ("surveillance", "VS", 12_475, 5_325),
)
PRODUCTS_PER_FAMILY = 12
_PLANTED_PER_FAMILY = 3  # the cheapest ones: clean trade leaves them to planted lines


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    """
    Adria Albis Alto Amber Anker Arden Atlas Aurora Baltic Bastion Beacon Berg Blau Bora Brenta
    Brio Canto Cedar Celta Cobalt Corvus Delta Dorsal Douro Duna Elba Ems Faro Fjord Garda Gral
    Harbour Helio Iber Iris Isar Jura Kanal Kestrel Lago Lahn Lario Lumen Main Marea Maas Mosel
    Nexo Nord Norte Oder Orbis Orion Pallas Piave Polder Prisma Quadra Rhein Ruhr Saar Salto Savoy
    Scala Seine Serra Sigma Sila Solent Sonar Spree Taunus Tejo Tessin Thames Tiber Toro Turia
    Umbra Vario Vela Vesta Vido Waal Weser Zenit
    """
)
_PARTNER = _words(
    """
    Networks Systems Datentechnik Informatique Sistemi Redes Integration Communications IT
    Solutions Technology Netzwerke Telecom Digital Computing Infrastructure Cloud Data
    """
)
_CUSTOMER = _words(
    """
    Bank Insurance Hospital University Energy Railways Airport Logistics Foods Textiles Steel
    Chemicals Motors Media Hotels Stores Council Ministry Police Water Ports Clinic College Mills
    """
)


def partner_name(draws: Draws, suffix: str) -> str:
    """Draw a partner's name; two partners may share one, as in life."""
    return f"{draws.pick(_FIRST)} {draws.pick(_PARTNER)} {suffix}"


def customer_name(first: int, second: int, suffix: str) -> str:
    """Return the name made of the words at two positions (any whole numbers)."""
    return f"{_FIRST[first % len(_FIRST)]} {_CUSTOMER[second % len(_CUSTOMER)]} {suffix}"


def product_rows() -> list[tuple[object, ...]]:
    """Return the rows of the canonical table `products`."""
    return [
        (f"{prefix}-{1000 + 50 * number}", f"{family.capitalize()} {1000 + 50 * number}", family)
        for family, prefix, _, _ in FAMILIES
        for number in range(PRODUCTS_PER_FAMILY)
    ]


def planted_products() -> list[tuple[object, ...]]:
    """Return the rows of the products that clean partners leave alone."""
    traded = set(traded_products())
    return [row for number, row in enumerate(product_rows()) if number not in traded]


def traded_products() -> list[int]:
    """Return the positions in `product_rows` of the products that clean partners trade in."""
    return [
        family * PRODUCTS_PER_FAMILY + number
        for family in range(len(FAMILIES))
        for number in range(_PLANTED_PER_FAMILY, PRODUCTS_PER_FAMILY)
    ]


def product_prices() -> list[int]:
    """Return list prices in cents, in the order of `product_rows`."""
    return [
        price + number * step
        for _, _, price, step in FAMILIES
        for number in range(PRODUCTS_PER_FAMILY)
    ]
