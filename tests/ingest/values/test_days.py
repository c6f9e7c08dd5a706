from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphchannel.ingest.values import EXACT, declared
from graphchannel.schema import Kind

if TYPE_CHECKING:
    from tests.ingest.values.conftest import Reader

_DAY = date(2015, 6, 15)
_SIMPLE = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    "text",
    [
        "15.06.2015", "15.6.2015", "15. 6. 2015", "15.06.15", "06/15/2015", "15/06/15",
        "2015-06-15", "2015/6/15", "2015.06.15", "20150615", "15-Jun-15", "15 June 2015",
        "June 15, 2015", "15. Juni 2015", "15 juin 2015", "15 giu 2015",
        "2015-06-15 00:00:00", "2015-06-15T00:00:00.000Z", "15.06.2015 00:00",
        "Mon, 15 Jun 2015", "Montag, 15.06.2015", "Mo. 15.06.2015", "lundi 15 juin 2015",
        "Monday, June 15, 2015", "maandag 15-06-2015", "Mon 2015-06-15", "MON,15 JUN 2015 00:00",
        "pon., 15.06.2015", "seg 15/06/2015",
        "6/15/2015 12:00:00 AM", "'2015-06-15", "2015年6月15日", "2015/06/15", "\u00a015.06.2015\t",
    ],
)  # fmt: skip
def test_a_day_with_one_reading_is_read(read: Reader, text: str) -> None:
    assert read(Kind.DATE, [text]).values == [_DAY]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("01/06/2015", "can be 2015-01-06 or 2015-06-01, and no other value tells"),
        ("12-06-15", "can be 2012-06-15 or 2015-06-12 or 2015-12-06"),
        ("31.12.99", "whose year can be 1999 or 2099"),
        ("31.12.30", "whose year can be 1930 or 2030; write all four digits"),
        ("2015-06-15T08:30:00", "a timestamp; expected a date"),
        ("42170", "a count of days as spreadsheets keep it, 2015-06-15"),
        ("1434326400000", "a count of seconds since 1970, on 2015-06-15"),
        ("Tue, 16 Jun 2014", "but 2014-06-16 is a Monday."),
        ("Dienstag, 15.06.2015", "but 2015-06-15 is a Monday."),
        ("Foo, 15 Jun 2015", "expected a date"),
        ("Mon, Jun 2015", "expected a date"),
        ("Mon", "expected a date"),
        ("2015-02-30", "expected a date such as 2024-01-31"),
        ("0000-12-31", "expected a date"),
        ("13/13/2015", "expected a date"),
        ("Juni 2015", "expected a date"),
        ("#VALUE!", "an error of a spreadsheet"),
        ("infinity", "expected a date"),
    ],
)
def test_a_day_that_is_not_certain_is_refused(read: Reader, text: str, says: str) -> None:
    found = read(Kind.DATE, [text])
    assert (found.values, says in found.says[0]) == ([None], True), found.says


def test_names_of_months_are_no_days_of_the_week(read: Reader) -> None:
    texts = ["Mar 16, 2015", "mar 17 mars 2015", "Mar. 17.03.2015", "mar 17 marzo 2015"]
    days = [date(2015, 3, 16), *[date(2015, 3, 17)] * 3]
    assert read(Kind.DATE, texts).values == days


@pytest.mark.parametrize(
    "text", ["1900-01-00", "00/01/1900", "1/0/1900", "0000-00-00", "00.00.0000", "0", "00:00:00"]
)
def test_a_day_of_zero_is_none(read: Reader, text: str) -> None:
    found = read(Kind.DATE, [text, "2015-06-15"])
    assert (found.values, found.says) == ([None, _DAY], ["", ""])
    assert "0" not in read(Kind.DATE, [text], required=True, doc="the day").values


def test_the_order_of_a_column_is_decided_by_all_of_its_values(read: Reader) -> None:
    days = read(Kind.DATE, ["01/06/2015", "13/06/2015"])
    assert days.values == [date(2015, 6, 1), date(2015, 6, 13)]
    assert days.remarks == ("2 of Price had the day before the month",)
    months = read(Kind.DATE, ["01/06/2015", "06/13/2015"])
    assert months.values == [date(2015, 1, 6), date(2015, 6, 13)]
    assert months.remarks == ("2 of Price had the month before the day",)


def test_another_column_of_the_file_tells_where_the_own_does_not(read: Reader) -> None:
    assert read(Kind.DATE, ["01/06/2015"], beside=["13/06/2015"]).values == [date(2015, 6, 1)]
    assert read(Kind.DATE, ["01/06/2015"], beside=["06/13/2015"]).values == [date(2015, 1, 6)]


def test_a_column_of_both_orders_decides_nothing(read: Reader) -> None:
    found = read(Kind.DATE, ["01/06/2015", "13/06/2015", "06/13/2015", "05/05/2015"])
    assert found.values == [None, date(2015, 6, 13), date(2015, 6, 13), date(2015, 5, 5)]
    assert "days of both orders" in found.says[0]


def test_a_declared_order_is_the_only_one(read: Reader) -> None:
    texts = ["01/06/2015", "13/06/2015", "2015-06-15"]
    assert read(Kind.DATE, texts, declared(days="mdy")).values == [date(2015, 1, 6), None, _DAY]
    assert read(Kind.DATE, texts, declared(days="dmy")).values[0] == date(2015, 6, 1)
    assert read(Kind.DATE, ["15-06-12"], declared(days="ymd")).values == [date(2015, 6, 12)]
    assert read(Kind.DATE, [*texts, "2015-6-15"], EXACT).values == [None, None, _DAY, None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-06-15 14:33:00", _DAY), ("15.06.2015 9:05", _DAY), ("6/15/2015 2:33:00 PM", _DAY),
        ("2015-06-15T23:59:59.999", _DAY), ("2015-06-15 00:00:00", _DAY), ("15.06.2015", _DAY),
        ("2015-06-15T22:00:00+02:00", None), ("2015-06-15T22:00:00Z", None), ("14:33", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_left_out_if_it_is_said_so(
    read: Reader, text: str, day: date | None
) -> None:
    assert read(Kind.DATE, [text], declared(drop_times=True)).values == [day]


def test_a_year_of_two_digits_is_none_of_the_first_century(read: Reader) -> None:
    found = read(Kind.DATE, ["31.12.15", "31.12.85", "31.12.79"])
    assert found.values == [date(2015, 12, 31), date(1985, 12, 31), None]
    assert found.remarks == ("2 of Price had a year of two digits",)


@_SIMPLE
@given(
    st.lists(st.dates(date(1980, 1, 1), date(2024, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y"]),
)
def test_days_survive_however_they_are_written(read: Reader, days: list[date], form: str) -> None:
    # 13 days settle the order of any column
    known = [*days, *(date(2015, 6, 13) + timedelta(n) for n in range(3))]
    # 99 alone may be 1999, 2099 or an open end, and is refused
    wanted = [None if day.year == 1999 and "%y" in form else day for day in known]
    assert read(Kind.DATE, [day.strftime(form) for day in known]).values == wanted


@_SIMPLE
@given(
    st.lists(st.dates(date(1980, 1, 1), date(2024, 12, 31)), min_size=1, max_size=12),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%m/%d/%y"]),
)
def test_days_are_never_read_as_others(read: Reader, days: list[date], form: str) -> None:
    found = read(Kind.DATE, [day.strftime(form) for day in days])
    for day, value, says in zip(days, found.values, found.says, strict=True):
        assert value in {day, None}
        assert bool(says) == (value is None)
