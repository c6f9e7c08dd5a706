"""Which sender a file is of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError, SenderError
from graphchannel.ingest.senders.catalogue import all_senders, find_sender, lacking, same_header

if TYPE_CHECKING:
    from tests.ingest.senders.conftest import Desk

VENDORS = '[vendors]\nid = "Vendor ID"\nname = "Vendor\\nName"\n'
FILE = "VENDOR  ID;vendor name\nV7;Seven\n"


def test_files_are_told_by_name_and_folder(desk: Desk) -> None:
    desk.sender('files = ["rotkamp/*.csv", "POS-R*.xlsx"]\n' + VENDORS)
    senders = all_senders([desk.senders])

    def name(path: str) -> str | None:
        found = senders.of_file(Path(path))
        return found.name if found else None

    assert name("in/rotkamp/june.csv") == "rotkamp"
    assert name("in/Rotkamp/JUNE.CSV") == "rotkamp"
    assert name("pos-rotkamp.xlsx") == "rotkamp"
    assert name("june.csv") is None
    assert name("in/other/june.csv") is None


def test_two_that_claim_a_file_are_named(desk: Desk) -> None:
    desk.sender('files = ["*.csv"]\n' + VENDORS, "one")
    desk.sender('files = ["list*"]\n' + VENDORS, "two")
    with pytest.raises(SenderError, match=r"senders 'one' and 'two' fit; choose one with --sender"):
        desk.load(desk.file("list.csv", FILE))
    assert desk.load(desk.folder / "list.csv", sender="two").added == 1


def test_a_sender_without_files_is_known_by_its_columns(desk: Desk) -> None:
    desk.sender(VENDORS)
    report = desk.load(desk.file("anything.csv", FILE))
    assert report.files[0].because == "The file has all columns of sender 'rotkamp'."
    desk.sender(VENDORS, "second")
    with pytest.raises(SenderError, match="senders 'rotkamp' and 'second' fit"):
        desk.load(desk.file("more.csv", FILE))


def test_a_sender_with_files_is_never_taken_for_another_by_its_columns(desk: Desk) -> None:
    desk.sender('files = ["mine-*"]\n' + VENDORS)
    with pytest.raises(InputError, match="no loader or sender fits the columns"):
        desk.load(desk.file("anything.csv", FILE))


def test_a_sender_with_its_own_way_of_reading_is_known_by_its_columns(desk: Desk) -> None:
    desk.sender('[read]\nheader_row = 3\nencoding = "cp1252"\nfooter = "Sum"\n' + VENDORS)
    file = desk.file("list.csv", f"Häuser\n\n{FILE}Sum;1\n", "cp1252")
    assert desk.load(file).added == 1


def test_a_table_by_name_goes_before_columns_and_behind_a_claim(desk: Desk) -> None:
    text = VENDORS.replace("Vendor ID", "id").replace("Vendor\\nName", "name")
    desk.sender(text + "")
    file = desk.file("vendors.csv", "id,name\nV7,Seven\n")
    assert desk.load(file).files[0].loader is None
    desk.sender('files = ["vendors*"]\n' + text)
    assert desk.load(file).files[0].loader == "sender rotkamp"
    assert desk.load(file, table="vendors").files[0].loader is None


def test_a_broken_sender_does_not_block_the_others(desk: Desk) -> None:
    desk.sender(VENDORS)
    desk.sender("[vendors]\nid = 5\n", "broken")
    found = all_senders([desk.senders])
    assert [each.name for each in found.all] == ["rotkamp"]
    assert "broken.toml:2 [vendors]: id is 5" in found.broken[0]
    assert desk.load(desk.file("list.csv", FILE)).added == 1
    with pytest.raises(InputError, match=r"Left out: .*broken\.toml:2 \[vendors\]: id is 5"):
        desk.load(desk.file("other.csv", "a,b\n1,2\n"))


def test_what_nobody_knows_is_answered_with_the_command(desk: Desk) -> None:
    file = desk.file("pos june.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match=r"'graphchannel senders new '.*/pos june\.csv''\."):
        desk.load(file)


def test_senders_are_found_by_name_and_by_path(desk: Desk) -> None:
    path = desk.sender(VENDORS)
    assert find_sender("rotkamp", [desk.senders]) == find_sender(str(path), [])
    with pytest.raises(SenderError, match=r"no sender 'rotkmp' .* Did you mean 'rotkamp'\?"):
        find_sender("rotkmp", [desk.senders])


def test_of_two_folders_the_later_goes_first(desk: Desk, tmp_path: Path) -> None:
    desk.sender('about = "first"\n' + VENDORS)
    later = tmp_path / "later"
    later.mkdir()
    (later / "rotkamp.toml").write_text('about = "later"\n' + VENDORS, "utf-8")
    folders = [desk.senders, later]
    assert [each.about for each in all_senders(folders).all] == ["later"]
    assert find_sender("rotkamp", folders).about == "later"


def test_headers_are_the_same_whatever_their_case_and_blanks(desk: Desk) -> None:
    assert same_header("Shipped\r\non") == same_header("shipped\N{NO-BREAK SPACE}on ")
    assert same_header("Qté") == same_header("Qte\N{COMBINING ACUTE ACCENT}")
    assert same_header("Qty") != same_header("Qty #")
    sender = find_sender(str(desk.sender(VENDORS)), [])
    assert lacking(sender, ["vendor name"]) == ["Vendor ID"]
    assert lacking(sender, ["vendor name", "VENDOR ID"]) == []
