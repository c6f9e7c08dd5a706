"""Days of Parquet files, in each type that holds them: read right or rejected, never shifted."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.sampling import thinned

if TYPE_CHECKING:
    from tests.ingest.senders.conftest import Desk

LATE, DAY, EARLY = (
    datetime(2015, 6, 30, 23, 30),  # noqa: DTZ001 - files hold moments without a zone
    datetime(2015, 6, 30),  # noqa: DTZ001 - as above
    datetime(2015, 6, 30, 0, 30),  # noqa: DTZ001 - as above
)
MOMENTS = [LATE, DAY, EARLY]
ALL, MIDNIGHT, NONE = ["A", "B", "C"], ["B"], list[str]()
ZONED = "a moment with a time zone is another day elsewhere."
WITHOUT = "expected a date such as 2024-01-31, without the time of day."


def stamps(unit: str, zone: str | None = None) -> Any:
    return pa.array(MOMENTS, pa.timestamp(unit, zone))


def days(values: list[datetime]) -> list[Any]:
    return [value.date() for value in values]


# What is read with `drop_times` and without, and what is said of the others.
TYPES: dict[str, tuple[Any, list[str], list[str], str]] = {
    **{unit: (stamps(unit), ALL, MIDNIGHT, WITHOUT) for unit in ("s", "ms", "us", "ns")},
    **{
        f"{unit} of {zone}": (stamps(unit, zone), NONE, NONE, ZONED)
        for unit in ("ms", "ns")
        for zone in ("UTC", "Europe/Berlin", "+05:30")
    },
    "dictionary": (stamps("us").dictionary_encode(), ALL, MIDNIGHT, WITHOUT),
    "date32": (pa.array(days(MOMENTS), pa.date32()), ALL, ALL, ""),
    "date64": (pa.array(days(MOMENTS), pa.date64()), ALL, ALL, ""),
    "texts": (pa.array(list(map(str, MOMENTS))).dictionary_encode(), ALL, MIDNIGHT, WITHOUT),
    # which is midnight where it was written
    "texts of a zone": (
        pa.array([f"{each}+02:00" for each in MOMENTS]),
        MIDNIGHT,
        MIDNIGHT,
        WITHOUT,
    ),
    "time": (pa.array([time(1, 2)] * 3), NONE, NONE, "expected a date such as 2024-01-31."),
    "number": (pa.array([1_435_708_200, 42_185, 7]), NONE, NONE, "such as 2024-01-31."),
}


def loaded(desk: Desk, moments: Any, *, drop: bool, **written: Any) -> list[str]:
    """Load three lines with these moments; return the documents of those that were read."""
    desk.sender(f"""
        files = ["pos-*"]
        [values]
        drop_times = {str(drop).lower()}
        [shipments]
        key = ["Inv"]
        shipped_on = "Day"
        seller_id = {{ value = "D1" }}
        buyer_id = {{ value = "R1" }}
        product_id = {{ value = "SW-24" }}
        quantity = "Qty"
        amount = "Worth"
        currency = {{ value = "EUR" }}
        document = "Inv"
        """)
    worth = pa.array(["1.10", "20.5", "0.0001"]).cast(pa.decimal128(38, 10))
    columns = {"Inv": pa.array(ALL).dictionary_encode(), "Day": moments, "Worth": worth}
    table = pa.table(columns | {"Qty": pa.array([1, 2, 3], pa.uint16()).dictionary_encode()})
    pq.write_table(table, desk.folder / "pos-june.parquet", **written)
    desk.load(desk.folder / "pos-june.parquet")
    lines = desk.rows("SELECT document, shipped_on::VARCHAR FROM shipments ORDER BY document")
    assert {day for _, day in lines} <= {"2015-06-30"}
    return [document for document, _ in lines]


@pytest.mark.parametrize("drop", [True, False])
@pytest.mark.parametrize("kind", thinned(TYPES, 2))
def test_a_day_is_read_or_rejected_and_never_another(desk: Desk, kind: str, *, drop: bool) -> None:
    moments, dropped, kept, said = TYPES[kind]
    assert loaded(desk, moments, drop=drop) == (dropped if drop else kept)
    assert all(reason.endswith(said) for reason in desk.reasons())
    assert len(desk.reasons()) == 3 - len(dropped if drop else kept)


@pytest.mark.parametrize("drop", [True, False])
def test_moments_in_the_old_form_name_no_zone(desk: Desk, *, drop: bool) -> None:
    """Spark writes those of UTC, in which midnight in Berlin is of the day before."""
    old = {"use_deprecated_int96_timestamps": True}
    assert loaded(desk, stamps("ns"), drop=drop, **old) == NONE
    assert all(reason.endswith(ZONED) for reason in desk.reasons())
    assert loaded(desk, pa.array([DAY] * 3, pa.timestamp("ns")), drop=drop, **old) == ALL


def test_dropped_times_are_told(desk: Desk) -> None:
    assert loaded(desk, stamps("ns"), drop=True) == ALL
    report = desk.load(desk.folder / "pos-june.parquet")
    assert "2 of Day had a time of day" in report.files[0].warnings[-1]
    amounts = desk.rows("SELECT amount::VARCHAR FROM shipments ORDER BY document")
    assert amounts == [("1.1000",), ("20.5000",), ("0.0001",)]
