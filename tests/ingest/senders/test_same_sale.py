"""What a sender calls the same sale: at load, in lists, in the rule, out of totals, and later."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from graphchannel.channel import Channel
from graphchannel.ingest import duplicates, load_rows
from tests.ingest.senders.test_apply import COLUMNS, HEAD, LINES

if TYPE_CHECKING:
    from tests.ingest.senders.conftest import Desk

# Weekly reports number delivery notes, monthly ones invoices.
ANY_DOCUMENT = (
    'same_sale = ["product_id", "quantity", "shipped_on", "seller_id", "buyer_id", "amount"]\n'
)
NAMED = "seller_id, buyer_id, product_id, shipped_on, quantity, amount"
WEEK = ("N1,1,2015-06-22,D1,R1,SW-24,3,100,EUR", "N2,1,2015-06-22,D1,R1,SW-24,3,100.00,EUR")
MONTH = (
    "I8,1,2015-06-22,D1,R1,SW-24,3,100,EUR",
    "I9,1,2015-06-22,D1,R1,SW-24,3,100,EUR",
    "I9,2,2015-06-22,D1,R1,SW-24,3,99,EUR",
)


@pytest.mark.parametrize(
    ("same_sale", "said"),
    [
        ("", "Another day: 1 new line has all but the day"),
        (
            'same_sale = ["seller_id", "buyer_id", "product_id", "quantity", "document"]\n',
            "Likely duplicates: 1 new line (3 units) has seller, buyer, product, quantity and",
        ),
        ('same_sale = ["seller_id", "buyer_id", "product_id", "amount"]\n', ""),
    ],
)
def test_what_a_sender_calls_the_same_sale(desk: Desk, same_sale: str, said: str) -> None:
    desk.sender(HEAD + LINES + same_sale)
    week, month = ("I1,1,2015-06-01,D1,R1,SW-24,3,100", "I1,7,2015-06-03,D1,R1,SW-24,3,99")
    desk.load(desk.file("pos-week.csv", f"{COLUMNS}\n{week},EUR\n"))
    notices = desk.load(desk.file("pos-month.csv", f"{COLUMNS}\n{month},EUR\n")).notices
    found = [each for each in notices if each.startswith(("Likely", "Another"))]
    assert [each.startswith(said) for each in found] == [True] * bool(said)


def listed(desk: Desk) -> dict[str, str]:
    return {line.id: line.stands_for for line in duplicates(desk.workspace)}


def two_reports(desk: Desk) -> tuple[str, ...]:
    """Load a week and a month, each with two sales that are alike; return what the month's says."""
    desk.sender(HEAD + LINES + ANY_DOCUMENT)
    week = desk.file("pos-week.csv", "\n".join((COLUMNS, *WEEK)))
    assert not [n for n in desk.load(week).notices if n.startswith("Likely")]
    return desk.load(desk.file("pos-month.csv", "\n".join((COLUMNS, *MONTH)))).notices


def test_two_alike_of_a_report_are_the_two_of_another(desk: Desk) -> None:
    said = "Likely duplicates: 2 new lines (6 units) have seller, buyer, product, day, quantity "
    assert any(each.startswith(f"{said}and amount of lines") for each in two_reports(desk))
    first, second = "rotkamp:D1:I8:1:2015", "rotkamp:D1:I9:1:2015"
    assert listed(desk) == {
        "rotkamp:D1:N1:1:2015": first,
        "rotkamp:D1:N2:1:2015": second,
    }
    (told,) = {line.agrees_in for line in duplicates(desk.workspace)}
    assert told == "seller, buyer, product, day, quantity and amount"


def test_it_counts_everywhere_when_the_sender_is_gone(desk: Desk) -> None:
    two_reports(desk)
    shutil.rmtree(desk.senders)
    before = listed(desk)
    desk.workspace.close()
    path = desk.folder / "channel.duckdb"
    with Channel.open(path) as channel:
        (rule,) = channel.catalogue.select(["data/likely-duplicate"]).rules
        reported = channel.query(rule.text).to_arrow().column("shipment").to_pylist()
        assert {line.id for line in channel.duplicates()} == set(reported) == set(before)
        gone = channel.withdraw_duplicates()
        assert gone is not None
        assert gone.lines == 2
        left = channel.query("MATCH ()-[s:SUPPLIED]->() RETURN sum(s.quantity) AS units")
        assert left.to_arrow().column("units").to_pylist() == [9]
        assert channel.duplicates() == ()
        channel.unload(gone.load)
        assert {line.id for line in channel.duplicates()} == set(before)


@pytest.mark.parametrize("first", ["sender", "other"])
def test_it_counts_against_lines_of_others_whoever_came_first(desk: Desk, first: str) -> None:
    desk.sender(HEAD + LINES + ANY_DOCUMENT)
    own = desk.file("pos-week.csv", f"{COLUMNS}\n{WEEK[0]}\n")
    other = {
        "id": "X",
        "shipped_on": "2015-06-22",
        "seller_id": "D1",
        "buyer_id": "R1",
        "product_id": "SW-24",
        "quantity": 3,
        "amount": "300",
        "document": "I8",
    }
    for at in (0, 1):
        if (first == "sender") == (at == 0):
            report = desk.load(own)
        else:
            report = load_rows(desk.workspace, {"shipments": [other]}, desk.policy)
    assert "Likely duplicates: 1 new line (3 units) has seller" in " ".join(report.notices)
    assert listed(desk) == {"rotkamp:D1:N1:1:2015": "X"}


def test_a_key_that_asks_for_more_spares_what_the_usual_one_takes(desk: Desk) -> None:
    desk.sender(HEAD + LINES + ANY_DOCUMENT.replace('"amount"', '"document", "amount"'))
    desk.load(desk.file("pos-a.csv", f"{COLUMNS}\nI1,1,2015-06-01,D1,R1,SW-24,3,100,EUR\n"))
    desk.load(desk.file("pos-b.csv", f"{COLUMNS}\nI1,2,2015-06-01,D1,R1,SW-24,3,99,EUR\n"))
    assert listed(desk) == {}
    # The sender thinks again: his lines say so when their files come again.
    desk.sender(HEAD + LINES)
    assert desk.load(*(desk.folder / f"pos-{name}.csv" for name in "ab")).corrected == 2
    assert desk.lines("DISTINCT same_sale") == [(None,)]
    assert listed(desk) == {"rotkamp:D1:I1:2:2015": "rotkamp:D1:I1:1:2015"}


def test_the_usual_key_in_words_is_the_usual_key(desk: Desk) -> None:
    usual = '["document", "seller_id", "buyer_id", "product_id", "shipped_on", "quantity"]'
    desk.sender(HEAD + LINES + f"same_sale = {usual}\n")
    desk.load(desk.file("pos.csv", f"{COLUMNS}\n{WEEK[0]}\n"), sender="rotkamp")
    assert desk.lines("same_sale") == [(None,)]


def test_units_are_told_apart_by_their_numbers(desk: Desk) -> None:
    desk.sender(HEAD + LINES + 'serial = "SN"\n' + ANY_DOCUMENT)
    row = "1,2015-06-22,D1,R1,SW-24,1,100,EUR"
    header = f"{COLUMNS},SN\n"
    desk.load(desk.file("pos-w.csv", f"{header}N1,{row},A\nN1,{row},B\nN1,{row},C\n"))
    desk.load(desk.file("pos-m.csv", f"{header}I1,{row},C\nI1,{row},A\nI1,{row},D\n"))
    assert listed(desk) == {
        f"rotkamp:D1:N1:1:2015:{unit}": f"rotkamp:D1:I1:1:2015:{unit}" for unit in "AC"
    }


def test_a_record_that_stands_twice_is_one_line(desk: Desk) -> None:
    desk.sender(HEAD + LINES + ANY_DOCUMENT)
    report = desk.load(desk.file("pos-a.csv", "\n".join((COLUMNS, WEEK[0], WEEK[0]))))
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 0)
    assert desk.lines("same_sale") == [(NAMED,)]


@pytest.mark.parametrize(
    "key", ["seller_id, buyer_id", "buyer_id, seller_id, product_id", f"{NAMED}; 0", "colour"]
)
def test_a_file_of_lines_may_name_it_too_but_not_anything(desk: Desk, key: str) -> None:
    row = "X,2015-06-22,D1,R1,SW-24,3"
    header = "id,shipped_on,seller_id,buyer_id,product_id,quantity,same_sale"
    file = desk.file("shipments.csv", f'{header}\n{row},"{key}"\nY{row[1:]},"{NAMED}; 2"\n')
    assert (desk.load(file).added, desk.reasons()[0][:13]) == (1, "same_sale is ")
