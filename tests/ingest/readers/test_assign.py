from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError, LoaderError
from graphchannel.ingest.readers.fitting import table_named

if TYPE_CHECKING:
    from .conftest import Desk

_POS = "invoice;line;Ship Date;sold by;sold_to;SKU;quantity\n1;1;2014-01-01;a;b;c;1\n"


@pytest.mark.parametrize(
    ("stem", "table"),
    [
        ("partners", "partners"),
        ("Partners", "partners"),
        ("End users", "end_users"),
        ("end-users", "end_users"),
        ("shipments_2014", "shipments"),
        ("shipments-2014-03", "shipments"),
        ("shipments.2014", "shipments"),
        ("shipmentsold", None),
        ("old_shipments", None),
    ],
)
def test_tables_by_name(stem: str, table: str | None) -> None:
    found = table_named(stem)
    assert (found.name if found else None) == table


def test_the_reason_is_said(desk: Desk) -> None:
    staged = desk.stage_one("regions_2014.csv", "id,name\n")
    assert staged.because == "The name 'regions_2014' says table regions."
    assert desk.stage_one("x.csv", "id,name\n", table="regions").because.startswith("The table was")
    assert desk.stage_one("report.csv", _POS).because == (
        "The source has all columns of loader 'pos-flat'."
    )


def test_columns_are_matched_exactly_then_loosely(desk: Desk) -> None:
    staged = desk.stage_one("regions.csv", "Parent ID,id,n.m,nmae,name\nP,R,N,x,n\n")
    assert staged.columns == ("id", "name", "parent_id")
    assert desk.rows(staged) == [(1, "R", "n", "P")]
    assert staged.warnings == (
        "regions.csv: column 'Parent ID' is taken for 'parent_id'.",
        (
            "regions.csv: 2 columns are unknown to table regions and not read: "
            "'nmae' (did you mean 'name'?), 'n.m'."
        ),
    )


def test_many_unread_columns_are_one_line(desk: Desk) -> None:
    others = [f"Remark {number}" for number in range(25)]
    staged = desk.stage_one("regions.csv", f"ID,Name,{','.join(others)}\n")
    assert staged.warnings == (
        (
            "regions.csv: 2 columns are taken for what they resemble: "
            "'ID' for 'id', 'Name' for 'name'."
        ),
        (
            "regions.csv: 25 columns are unknown to table regions and not read: "
            "'Remark 0', 'Remark 1', 'Remark 2', 'Remark 3', 'Remark 4' and 20 more."
        ),
    )


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("shipments.csv", "id,shipped_on,seller_id,buyer_id,product_id,quantity,Shipped On"),
        ("pos.csv", "invoice,line,Ship Date,sold by,sold_to,SKU,quantity,ship_date"),
    ],
)
def test_two_columns_never_stand_for_one(desk: Desk, name: str, header: str) -> None:
    with pytest.raises(InputError, match=r"columns '.*' and '.*' both stand for 'ship.*'; rename"):
        desk.stage(name, header + "\n")


def test_a_missing_column_names_file_column_and_what_there_is(desk: Desk) -> None:
    message = (
        "regions.csv: column 'name' is missing, which table regions requires "
        "(the source has: id, namn). Did you mean 'namn'?"
    )
    with pytest.raises(InputError, match=re.escape(message)):
        desk.stage("regions.csv", "id,namn\n")


def test_a_loader_goes_before_a_table_that_lacks_columns(desk: Desk) -> None:
    assert desk.stage_one("shipments.csv", _POS).loader == "pos-flat"


def test_nobody_knows_the_file(desk: Desk) -> None:
    with pytest.raises(InputError, match="no loader or sender fits the columns"):
        desk.stage("stuff.csv", "a,b\n")


def test_unknown_table_and_loader(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"There is no table 'region' .* Did you mean 'regions'"):
        desk.stage("x.csv", "id,name\n", table="region")
    with pytest.raises(LoaderError, match=r"There is no loader 'pos_flat' .* mean 'pos-flat'"):
        desk.stage("x.csv", "id,name\n", loader="pos_flat")
    with pytest.raises(LoaderError, match="loader 'pos-flat' needs columns 'invoice', 'line', "):
        desk.stage("x.csv", "id,name\n", loader="pos-flat")


def test_an_export_of_rejects_goes_back_to_its_tables(desk: Desk) -> None:
    staged = desk.stage(
        "anything.csv",
        "_reject,_table,_code,_reason,id,name,parent_id,family\n"
        "1,regions,missing,why,R,r,,\n"
        "2,products,missing,why,P,p,,f\n"
        "3,planets,missing,why,M,mars,,\n"
        "4,,,,,,,,9\n"
        "5,regions,missing,why,S,s,R,\n",
    )
    assert [(one.table, one.records) for one in staged] == [("regions", 4), ("products", 1)]
    assert desk.rows(staged[1]) == [(2, "P", "p", "f")]
    assert desk.rows(staged[0]) == [(1, "R", "r", None), (5, "S", "s", "R")]
    assert [(r.record, r.reason) for r in staged[0].rejects] == [
        (3, "'planets' is no table."),
        (4, "The record has 9 fields, but the header has 8."),
    ]
    assert sum(one.records for one in staged) == 5


@pytest.mark.parametrize(("header", "hinted"), [("id^name", True), ("idname", False)])
def test_a_header_that_is_one_odd_name_points_to_the_delimiter(
    desk: Desk, header: str, *, hinted: bool
) -> None:
    with pytest.raises(InputError, match="column 'id' is missing") as caught:
        desk.stage("products.csv", f"{header}\nP^x\n")
    assert str(caught.value).endswith("name it with --delimiter.") == hinted
    assert desk.stage("products.csv", "id^name\nP^x\n", delimiter="^")[0].columns == ("id", "name")
