"""Numbers of typed sources are those that their texts would be, or are refused like them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphchannel.schema import Kind

if TYPE_CHECKING:
    from tests.ingest.values.conftest import Reader

_SIMPLE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
EXACT = pa.decimal128(38, 10)
DAY = date(2015, 6, 30)


@pytest.mark.parametrize(
    ("typed", "number", "text"),
    [
        (pa.float64(), 1234567.89, "1234567.89"),
        (pa.float64(), 1234567890123.34, "1234567890123.34"),
        (pa.float64(), 99999999999999.0, "99999999999999"),
        (pa.float64(), -0.30000000000000004, "-0.3"),
        (pa.float64(), 1234567.12345, None),
        (pa.float64(), 0.12345, None),
        (pa.float64(), 1e14, None),
        (pa.float64(), float("inf"), None),
        (pa.float32(), 19.99, "19.99"),
        (pa.float32(), 123456.7, "123456.7"),
        (pa.float32(), 0.12345, None),
        (EXACT, Decimal("99999999.9999"), "99999999.9999"),
        (EXACT, Decimal("99999999.999999"), None),
        (EXACT, Decimal("0.12345"), None),
        (pa.int64(), 99999999999999, "99999999999999"),
        (pa.int64(), 100000000000000, None),
    ],
)
def test_an_amount_is_the_number_that_it_shows(
    read: Reader, typed: pa.DataType, number: Any, text: str | None
) -> None:
    found = read(Kind.DECIMAL, [number, None], typed=typed)
    assert found.values == [None if text is None else Decimal(text), None]
    assert bool(found.says[0]) == (text is None)
    assert found.says[1] == ""


@pytest.mark.parametrize(
    ("kind", "typed", "value", "taken"),
    [
        (Kind.BOOLEAN, pa.bool_(), False, False),
        (Kind.BOOLEAN, pa.int64(), 1, None),
        (Kind.STRING, pa.bool_(), True, "true"),
        (Kind.INTEGER, pa.bool_(), True, None),
        (Kind.DATE, pa.bool_(), True, None),
        (Kind.STRING, pa.date32(), DAY, "2015-06-30"),
        (Kind.DECIMAL, pa.date32(), DAY, None),
        (Kind.DATE, pa.date32(), DAY, DAY),
        (Kind.DATE, pa.int64(), 20150630, DAY),
        (Kind.DATE, pa.float64(), 20150630.0, None),
        (Kind.STRING, pa.float64(), 1001.0, "1001"),
        (Kind.STRING, pa.float64(), 10.5, "10.5"),
        (Kind.STRING, pa.int64(), 1001, "1001"),
        (Kind.INTEGER, pa.float64(), 3.0, 3),
        (Kind.INTEGER, pa.float64(), 3.5, None),
        (Kind.INTEGER, EXACT, Decimal("3.0"), 3),
        (Kind.FLOAT, pa.float32(), 0.5, 0.5),
        (Kind.FLOAT, pa.float64(), float("nan"), None),
    ],
)
def test_a_value_of_another_type_is_taken_as_it_shows_or_refused(
    read: Reader, kind: Kind, typed: pa.DataType, value: Any, taken: Any
) -> None:
    found = read(kind, [value], typed=typed)
    assert found.values == [taken]
    assert bool(found.says[0]) == (taken is None)


def test_prices_of_a_typed_source_have_all_decimals_and_no_more(read: Reader) -> None:
    prices = [1234567.89, 12345678.90625, 0.333333, 1e14, 3.3000000000000003]
    texts = ["1234567.89", "12345678.90625", "0.333333", "100000000000000", "3.3"]
    assert read(Kind.DECIMAL, prices, typed=pa.float64(), exact=True).values == texts
    assert read(Kind.DECIMAL, [19.99], typed=pa.float32(), exact=True).values == ["19.99"]
    assert read(Kind.DECIMAL, [Decimal("1.50")], typed=EXACT, exact=True).values == ["1.5"]
    found = read(Kind.DECIMAL, [True], typed=pa.bool_(), exact=True)
    assert "expected a number" in found.says[0]


@_SIMPLE
@given(
    st.lists(st.decimals(-(10**11) + 1, 10**11 - 1, places=4), min_size=1, max_size=20),
    st.lists(st.integers(1 - 10**14, 10**14 - 1), min_size=1, max_size=20),
)
def test_amounts_survive_as_doubles(read: Reader, amounts: list[Decimal], whole: list[int]) -> None:
    numbers = [*amounts, *map(Decimal, whole)]
    found = read(Kind.DECIMAL, list(map(float, numbers)), typed=pa.float64())
    assert found.values == numbers
