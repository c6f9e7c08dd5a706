"""Partner files loaded in the order in which they come: what stands afterwards, and what is said.

Each was made after a public report of a fault; names and numbers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import GraphChannelError
from graphchannel.ingest import (
    Reading,
    ReadOptions,
    Reported,
    export_rejects,
    load,
    parse_period,
    rejects,
)
from tests.ingest.partner_files import FILES
from tests.sampling import thinned

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest import LoadReport
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

Counts = tuple[int, int, int, int]  # added, corrected, unchanged, rejected

_LINES = "SELECT seller_id, buyer_id, quantity, amount::DOUBLE FROM shipments ORDER BY id"
_IDS = "SELECT id FROM partners WHERE id NOT IN ('D1', 'D2', 'R1', 'R2', 'R3') ORDER BY id"
_SALE, _RETURN = ("D1", "R1"), ("R1", "D1")


@dataclass(frozen=True)
class Case:
    """Files in order with what became of their rows; then open rejects, stored rows, notices."""

    folder: str
    loads: tuple[tuple[str, Counts], ...]
    select: str = _LINES
    stored: list[tuple[Any, ...]] = field(default_factory=list)
    rejected: tuple[str, ...] = ()
    notice: str = ""


CASES = (
    Case(
        "01-european-decimals",
        (("shipments.csv", (4, 0, 0, 0)),),
        "SELECT quantity, amount::DOUBLE FROM shipments ORDER BY id",
        [(3, 1234.56), (1, 1234.0), (1200, 250.5), (2, 99.0)],
    ),
    Case(
        "02-pos-quantity-trailing-tab",
        (("pos.csv", (5, 0, 0, 0)),),
        stored=[(*parties, 5, 500.0) for parties in [_SALE] * 3 + [_RETURN, _SALE]],
    ),
    Case(
        "03-pos-dates",
        (("pos.csv", (7, 0, 0, 1)),),
        "SELECT shipped_on::VARCHAR, count(*) FROM shipments GROUP BY ALL ORDER BY ALL",
        [("2015-06-05", 1), ("2015-06-15", 6)],
        ("Ship Date is '42170', a count of days",),
    ),
    Case(
        "04-pos-row-per-serial",
        (("pos.csv", (6, 0, 0, 0)),),
        "SELECT quantity, serial FROM shipments JOIN serials ON shipment_id = id ORDER BY serial",
        [(1, "SN0001"), (1, "SN0002"), (1, "SN0003")],
    ),
    Case(
        "05-pos-return-original-line",
        (("a-june.csv", (1, 0, 0, 0)), ("b-july.csv", (1, 0, 0, 0))),
        stored=[(*_SALE, 10, 1000.0), (*_RETURN, 2, 200.0)],
    ),
    Case(
        "06-pos-quantity-with-unit",
        (("pos.csv", (3, 0, 0, 1)),),
        stored=[(*_SALE, 10, 1000.0), (*_RETURN, 3, 300.0), (*_SALE, 1200, 120000.0)],
        rejected=("Quantity is '10 EA', which names a unit",),
    ),
    Case(
        "08-whitespace-in-ids",
        (("partners.csv", (3, 0, 1, 2)), ("shipments.csv", (2, 0, 0, 0))),
        _IDS,
        [("00123",), ("P200",), ("P201",), ("P202",)],
        ("id is '  ', which is blank", "name is '   ', which is blank"),
    ),
    Case(
        "18-xlsx-merged-and-total",
        (("pos-june.xlsx", (3, 0, 0, 1)),),
        stored=[(*_SALE, 3, 300.0), (*_SALE, 4, 200.0), (*_SALE, 1, 50.0)],
        rejected=("Quantity holds a formula without a stored result",),
    ),
    Case(
        "38-lost-leading-zeros",
        (("partners.csv", (0, 0, 0, 1)), ("shipments.csv", (0, 0, 0, 1))),
        _IDS,
        [("00123",)],
        ("id is '123', which differs from '00123'", "buyer_id is '123', which is no vendor"),
    ),
    Case(
        "39-scientific-serials",
        (("shipments.csv", (3, 0, 0, 0)), ("serials.csv", (0, 0, 0, 3))),
        "SELECT count(*) FROM serials",
        [(0,)],
        ("serial is '3.5E+14'", "serial is '3.5E+14'", "serial is '8.9445E+18'"),
    ),
    Case(
        "40-country-forms",
        (("partners.csv", (1, 0, 0, 7)),),
        "SELECT country FROM partners WHERE id LIKE 'P%'",
        [("NA",)],
        tuple(
            f"country is '{country}'"
            for country in ("UK", "EL", "XX", "Germany", "DEU", "de", "EU")
        ),
    ),
    Case(
        "41-overlapping-periods",
        (("shipments-june.csv", (3, 0, 0, 0)), ("shipments-week26.csv", (2, 0, 0, 0))),
        stored=[
            ("D1", "R1", 4, 400.0), ("D1", "R1", 5, 500.0), ("D1", "R2", 2, 200.0),
            ("D1", "R1", 5, 500.0), ("D1", "R2", 2, 200.0),
        ],
        notice="Likely duplicates: 2 new lines (7 units)",
    ),
    Case(
        "42-resend",
        (
            ("shipments.csv", (2, 0, 1, 0)),
            ("shipments.csv", (0, 0, 3, 0)),
            ("shipments-corrected.csv", (0, 1, 2, 0)),
        ),
        "SELECT quantity, amount::DOUBLE FROM shipments ORDER BY id",
        [(6, 600.0), (2, 200.0)],
    ),
    Case(
        "44-names-instead-of-ids",
        (("pos-june.csv", (0, 0, 0, 1)),),
        rejected=("Sold By is 'Rotkamp Distribution GmbH', which is no vendor",),
    ),
    Case(
        "46-partial-update",
        (
            ("partners-1-full.csv", (1, 0, 0, 0)),
            ("partners-2-names.csv", (0, 0, 1, 0)),
            ("shipments.csv", (1, 0, 0, 0)),
        ),
        "SELECT country, terminated_on::VARCHAR FROM partners WHERE id = 'P700'",
        [("DE", "2015-01-31")],
    ),
    Case(
        "53-prices-and-quantities",
        (("pos.csv", (6, 0, 0, 5)),),
        "SELECT seller_id, quantity, amount::DOUBLE FROM shipments ORDER BY id",
        [
            ("R1", 2, 24.0), ("D1", 3, 1.0), ("D1", 3, 3703.5), ("D1", 3, 3.702),
            ("R1", 3, 36.0), ("R1", 2, 24.0),
        ],
        (
            "Price is '€ 12.00', which names a currency",
            "Quantity is '0'; expected at least 1",
            "Quantity is '2.5'; expected a whole number",
            "Currency is '€'",
            "Currency is 'eur'",
        ),
    ),
    Case(
        "54-date-in-the-future",
        (("shipments.csv", (2, 0, 0, 0)),),
        "SELECT max(shipped_on)::VARCHAR FROM shipments",
        [("2105-06-15",)],
        notice="1 line is dated after the day of the load (2105-06-15)",
    ),
    Case(
        "56-serials-in-one-cell",
        (("shipments.csv", (1, 0, 0, 0)), ("serials.csv", (0, 0, 0, 2))),
        "SELECT count(*) FROM serials",
        [(0,)],
        ("serial is 'SN1, SN2, SN3', which are 3", "serial is 'SN4;SN5', which are 2"),
    ),
    Case(
        "59-header-with-line-break",
        (("shipments.csv", (2, 0, 0, 0)),),
        "SELECT shipped_on::VARCHAR, quantity FROM shipments ORDER BY id",
        [("2015-06-01", 3), ("2015-06-02", 4)],
    ),
    Case(
        "63-partner-also-end-user",
        (("end_users.csv", (0, 0, 0, 1)),),
        "SELECT count(*) FROM end_users WHERE id = 'R1'",
        [(0,)],
        ("id is 'R1', which stands in partners already",),
    ),
    Case(
        "66-corrected-file-leaves-rejects-open",
        (("shipments.csv", (0, 0, 0, 1)), ("shipments-corrected.csv", (1, 0, 0, 0))),
        "SELECT quantity FROM shipments",
        [(3,)],
    ),
    Case(
        "68-rejects-resaved-in-excel",
        (("shipments.csv", (0, 0, 0, 1)), ("rejects-resaved.csv", (1, 0, 0, 0))),
        "SELECT shipped_on::VARCHAR, buyer_id, quantity FROM shipments",
        [("2015-06-01", "00123", 3)],
    ),
)  # fmt: skip


def _counts(report: LoadReport) -> Counts:
    return report.added, report.corrected, report.unchanged, report.rejected


@pytest.mark.parametrize("case", thinned(CASES, 2), ids=lambda case: case.folder)
def test_case(partner_workspace: Workspace, policy: Policy, case: Case) -> None:
    notices: list[str] = []
    for name, counts in case.loads:
        report = load(partner_workspace, [FILES / case.folder / name], policy)
        assert (name, _counts(report)) == (name, counts)
        notices += report.notices
    found = [reject.reason for reject in rejects(partner_workspace)]
    assert len(found) == len(case.rejected)
    for reason, begins in zip(found, case.rejected, strict=True):
        assert reason.startswith(begins)
    assert partner_workspace.connection.execute(case.select).fetchall() == case.stored
    assert any(notice.startswith(case.notice) for notice in notices) or not case.notice


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("43-header-synonyms/pos-june.csv", "'graphchannel senders new "),
        ("45-no-line-no-seller/pos-june.csv", "Loader 'pos-flat' lacks line, sold_by."),
    ],
)
def test_what_no_loader_reads_is_told_how(
    partner_workspace: Workspace, policy: Policy, name: str, message: str
) -> None:
    with pytest.raises(GraphChannelError) as raised:
        load(partner_workspace, [FILES / name], policy)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


_OF_SENDERS = """
files = ["pos-june.csv"]
[shipments]
key = ["{invoice}", "{product}"]
shipped_on = "Ship Date"
seller_id = {{ value = "D1" }}
buyer_id = {buyer}
product_id = "{product}"
quantity = "{quantity}"
{worth}
currency = {{ value = "EUR" }}
document = "{invoice}"
"""


@pytest.mark.parametrize(
    ("folder", "words", "stored"),
    [
        (
            "43-header-synonyms",
            {
                "invoice": "Invoice #",
                "product": "Mfg Part #",
                "buyer": '{ column = "Reseller Name", names = true }',
                "quantity": "Qty",
                "worth": 'amount = "Ext Cost"',
            },
            [("D1", "R1", 3, 300.0)],
        ),
        (
            "45-no-line-no-seller",
            {
                "invoice": "Invoice",
                "product": "SKU",
                "buyer": '"Sold To"',
                "quantity": "Quantity",
                "worth": 'unit_price = "Price"',
            },
            [("D1", "R1", 3, 150.0), ("D1", "R1", 3, 300.0)],
        ),
    ],
)
def test_and_a_sender_reads_it(  # noqa: PLR0917 - what the cases tell apart
    partner_workspace: Workspace,
    policy: Policy,
    tmp_path: Path,
    folder: str,
    words: dict[str, str],
    stored: list[tuple[Any, ...]],
) -> None:
    (tmp_path / "sender.toml").write_text(_OF_SENDERS.format(**words), "utf-8")
    options = ReadOptions(senders=(tmp_path,))
    load(partner_workspace, [FILES / folder / "pos-june.csv"], policy, options)
    assert partner_workspace.connection.execute(_LINES).fetchall() == stored


def test_06_what_was_exported_is_worth_price_times_quantity(
    partner_workspace: Workspace, policy: Policy, tmp_path: Path
) -> None:
    folder, path = FILES / "06-pos-quantity-with-unit", tmp_path / "rejects.csv"
    load(partner_workspace, [folder / "pos.csv"], policy)
    with pytest.raises(GraphChannelError, match="export the rejects again"):
        load(partner_workspace, [folder / "rejects-corrected.csv"], policy)  # without its columns
    export_rejects(partner_workspace, path)
    path.write_text(path.read_text("utf-8").replace("10 EA", "10"), "utf-8")
    assert load(partner_workspace, [path], policy).added == 1
    rows = partner_workspace.connection.execute(_LINES).fetchall()
    assert rows.count((*_SALE, 10, 1000.0)) == 2
    assert not rejects(partner_workspace)


def test_55_a_rejected_row_of_a_snapshot_withdraws_nothing(
    partner_workspace: Workspace, policy: Policy
) -> None:
    file = FILES / "55-replace-with-reject" / "partners.csv"
    report = load(partner_workspace, [file], policy, replace=["partners"])
    assert _counts(report) == (0, 0, 5, 1)
    assert dict(report.withdrawn) == {"partners": 0}


def test_62_a_corrected_period_withdraws_what_it_lacks(
    partner_workspace: Workspace, policy: Policy
) -> None:
    folder = FILES / "62-corrected-period-drops-a-line"
    load(partner_workspace, [folder / "shipments-june.csv"], policy)
    report = load(
        partner_workspace,
        [folder / "shipments-june-v2.csv"],
        policy,
        reported=Reported("D1", parse_period("2015-06")),
    )
    assert _counts(report) == (0, 1, 1, 0)
    assert dict(report.withdrawn)["shipments"] == 1
    rows = partner_workspace.connection.execute("SELECT id FROM shipments ORDER BY id").fetchall()
    assert rows == [("J1",), ("J2",)]


def test_18_a_sender_fills_merged_cells_down(
    partner_workspace: Workspace, policy: Policy, tmp_path: Path
) -> None:
    (tmp_path / "merged.toml").write_text(
        """
        [read]
        footer = "Grand total"
        [shipments]
        key = ["Invoice", "Line"]
        shipped_on = { column = "Ship Date", fill_down = true }
        seller_id = { column = "Sold By", fill_down = true }
        buyer_id = { column = "Sold To", fill_down = true }
        product_id = "SKU"
        quantity = "Quantity"
        unit_price = "Price"
        currency = { column = "Currency", value = "EUR" }
        document = { column = "Invoice", fill_down = true }
        """,
        "utf-8",
    )
    options = ReadOptions(reading=Reading(), sender="merged", senders=(tmp_path,))
    file = FILES / "18-xlsx-merged-and-total" / "pos-june.xlsx"
    report = load(partner_workspace, [file], policy, options)
    assert (report.rejected, report.added) == (0, 3)
