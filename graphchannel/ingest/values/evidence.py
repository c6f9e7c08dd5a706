"""What all values of a column, and of the columns beside it, tell of how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.values.days import Orders, day_steps, sign_between
from graphchannel.ingest.values.forms import COMMA, DMY, MDY, POINT, YMD
from graphchannel.ingest.values.numbers import Signs, evidence, size_steps
from graphchannel.ingest.values.reading import layered
from graphchannel.ingest.values.text import tidied
from graphchannel.schema import Kind
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need

NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT})
_ORDERS = (DMY, MDY, YMD)


def gather(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    needs: Sequence[Need],
    plain: frozenset[str],
    forms: Forms,
) -> dict[str, Signs | Orders]:
    """Return how the text columns of numbers and days that are not `plain` are written."""
    numbers = [need for need in needs if need.kind in NUMBERS]
    days = [need for need in needs if need.kind is Kind.DATE and need.name not in plain]
    found: dict[str, Signs | Orders] = {}
    if any(need.name not in plain for need in numbers):
        found.update(_signs(connection, relation, numbers, forms))
    found.update(_orders(connection, relation, days, forms))
    return found


def decide(
    fitting: Mapping[str, frozenset[str]], beside: Mapping[str, frozenset[str]]
) -> tuple[dict[str, str | None], frozenset[str]]:
    """Decide the order by sign: the one that fits all values of the column, else of the file.

    `fitting` gives the orders that fit all values with a sign, `beside` those that fit the values
    of the file's other columns as well. Return the orders, and the signs between which no order
    fits all.
    """
    orders: dict[str, str | None] = {}
    for sign, own in fitting.items():
        both = own & beside.get(sign, own)
        choice = both if len(both) == 1 else own
        if len(choice) == 1:
            (orders[sign],) = choice
        else:
            orders[sign] = DMY if sign == "." and DMY in own else None
    return orders, frozenset(sign for sign, own in fitting.items() if not own)


def _signs(
    connection: duckdb.DuckDBPyConnection, relation: str, needs: Sequence[Need], forms: Forms
) -> dict[str, Signs]:
    if forms.decimal is not None:
        declared = Signs(forms.decimal, forms.thousands, declared=True)
        return {need.name: declared for need in needs}
    shown = {need.name: _shown_signs(connection, relation, need, forms) for need in needs}
    everywhere = frozenset[str]().union(*shown.values())
    return {
        name: Signs(_only(own or everywhere), forms.thousands, contradict=len(own) > 1)
        for name, own in shown.items()
    }


def _shown_signs(
    connection: duckdb.DuckDBPyConnection, relation: str, need: Need, forms: Forms
) -> frozenset[str]:
    """Return the decimal signs that values of a column show."""
    point, comma = evidence("x_size")
    steps = (("x_tidy", tidied("x")), *size_steps("x_", "x_tidy", forms))
    rows = connection.execute(
        f"""SELECT coalesce(bool_or({point}), false), coalesce(bool_or({comma}), false)
            FROM {layered(_values(relation, need), [steps])}"""
    ).fetchall()
    return frozenset(sign for sign, seen in zip((POINT, COMMA), rows[0], strict=True) if seen)


def _only(signs: frozenset[str]) -> str | None:
    return next(iter(signs)) if len(signs) == 1 else None


def _orders(
    connection: duckdb.DuckDBPyConnection, relation: str, needs: Sequence[Need], forms: Forms
) -> dict[str, Orders]:
    if forms.days is not None:
        return {need.name: Orders(declared=forms.days) for need in needs}
    fitting = {need.name: _fitting_orders(connection, relation, need, forms) for need in needs}
    beside: dict[str, frozenset[str]] = {}
    for own in fitting.values():
        for sign, orders in own.items():
            beside[sign] = beside.get(sign, orders) & orders
    found = {}
    for name, own in fitting.items():
        by_sign, contradict = decide(own, beside)
        found[name] = Orders(by_sign, contradict=contradict)
    return found


def _fitting_orders(
    connection: duckdb.DuckDBPyConnection, relation: str, need: Need, forms: Forms
) -> Mapping[str, frozenset[str]]:
    """Return, by what parts the days of a column, the orders in which all of them are days."""
    steps = (("x_tidy", tidied("x")), *day_steps("x_", "x_tidy", forms))
    fits = ", ".join(f"bool_and(x_readings.{order} IS NOT NULL)" for order in _ORDERS)
    some = " OR ".join(f"x_readings.{order} IS NOT NULL" for order in _ORDERS)
    rows = connection.execute(
        f"""SELECT {sign_between("x_bare")} AS sign, {fits}
            FROM {layered(_values(relation, need), [steps])}
            WHERE sign IS NOT NULL AND ({some}) GROUP BY sign"""
    ).fetchall()
    return {
        sign: frozenset(order for order, fit in zip(_ORDERS, seen, strict=True) if fit)
        for sign, *seen in rows
    }


def _values(relation: str, need: Need) -> str:
    """Select the different values of a column as `x`."""
    name = quoted(need.name)
    return f"(SELECT DISTINCT {name}::VARCHAR AS x FROM {relation} WHERE {name} IS NOT NULL)"
