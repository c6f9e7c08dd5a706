"""What the measures of coverage and resilience rest on: rows of the network as of one day.

`read_facts` fetches them once from any engine; everything else in this package that speaks of
coverage is a pure function of the `Facts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from graphchannel.analysis.fetch import Fetch
    from graphchannel.policy import Policy

__all__ = [
    "Authorization",
    "Branch",
    "Certificate",
    "City",
    "Facts",
    "Partner",
    "Point",
    "Region",
    "Sale",
    "on_another_day",
    "read_facts",
]


Point = tuple[float, float]  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class Region:
    """A region; `parent` is the region that it is part of, `demand` its own, where it is stated."""

    id: str
    name: str
    parent: str | None
    country: str | None
    demand: float | None


@dataclass(frozen=True, slots=True)
class City:
    """A city; `key_city` is None where the data does not say, coordinates are degrees."""

    id: str
    name: str
    region: str
    population: int | None
    key_city: bool | None
    latitude: float | None
    longitude: float | None

    @property
    def point(self) -> Point | None:
        """Where it is, if both coordinates are known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner, in the channel from `joined_on` to `terminated_on`, both included."""

    id: str
    name: str
    country: str | None
    city: str | None
    joined_on: date
    terminated_on: date

    def active(self, day: date) -> bool:
        """Tell whether it is a partner on the day."""
        return self.joined_on <= day <= self.terminated_on


@dataclass(frozen=True, slots=True)
class Certificate:
    """Certificates of a partner for a role.

    If they hold on the day: those of one issuer; `by_vendor` tells that a vendor is the issuer.
    If not: all others together, of whatever issuer (None). `first` and `last` bound their days.
    """

    partner: str
    role: str
    holds: bool
    issuer: str | None
    by_vendor: bool
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Authorization:
    """A partner is authorized on the day around a smallest region, by name; see `Facts`."""

    region: str
    partner: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a partner in a city that is open on the day."""

    partner: str
    city: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sale:
    """What a seller sold to end users in one region and currency in the period.

    `region` is that of the city of delivery (None: unknown), `amount` is in ten-thousandths of the
    currency (lines without amount add to `lines` and `units` only).
    """

    seller: str
    region: str | None
    currency: str | None
    lines: int
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The network as of one day, and its sales from `since` to that day.

    Mappings are ordered by id, tuples by their rows. `authorizations` are by smallest region: those
    that name it or a region around it, whether for every industry or for one. An authorization for
    an industry alone names no place and is not among them. `end_users` counts by region of the
    city.
    """

    as_of: date
    since: date
    policy: Policy = field(repr=False)
    regions: Mapping[str, Region] = field(repr=False)
    cities: Mapping[str, City] = field(repr=False)
    partners: Mapping[str, Partner] = field(repr=False)
    certificates: tuple[Certificate, ...] = field(repr=False)
    authorizations: tuple[Authorization, ...] = field(repr=False)
    branches: tuple[Branch, ...] = field(repr=False)
    sales: tuple[Sale, ...] = field(repr=False)
    end_users: Mapping[str, int] = field(repr=False)


def read_facts(fetch: Fetch, policy: Policy) -> Facts:
    """Fetch the facts; `fetch` knows the days `as_of` and `since`. Raises EngineError."""
    as_of: Any = fetch.parameters["as_of"]
    since: Any = fetch.parameters["since"]
    return Facts(
        as_of=as_of,
        since=since,
        policy=policy,
        regions={row.id: row for row in _read(fetch, "regions", Region, "id")},
        cities={row.id: row for row in _read(fetch, "cities", City, "id")},
        partners={row.id: row for row in _read(fetch, "partners", Partner, "id")},
        sales=_read(fetch, "sales", Sale, "seller", "region", "currency"),
        end_users=dict(sorted(_counts(fetch.rows("end_users")))),
        **_of_the_day(fetch),
    )


def on_another_day(facts: Facts, fetch: Fetch) -> Facts:
    """Return the facts as of the day that `fetch` knows, with the same sales in the same period."""
    as_of: Any = fetch.parameters["as_of"]
    return replace(facts, as_of=as_of, **_of_the_day(fetch))


def _of_the_day(fetch: Fetch) -> dict[str, Any]:
    """Return what depends on the day."""
    return {
        "certificates": _read(fetch, "certificates", Certificate, "partner", "role", "issuer"),
        "authorizations": _read(fetch, "authorizations", Authorization, "region", "partner"),
        "branches": _read(fetch, "branches", Branch, "city", "partner"),
    }


def _read(fetch: Fetch, name: str, kind: Callable[..., Any], *key: str) -> tuple[Any, ...]:
    found = sorted(fetch.rows(name), key=lambda row: [_place(row[column]) for column in key])
    return tuple(kind(**row) for row in found)


def _counts(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for row in rows:
        yield row["region"], row["end_users"]


def _place(value: object) -> str:
    """Return what a text sorts by; nothing goes before any text."""
    return "" if value is None else f" {value}"
