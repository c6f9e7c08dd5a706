"""The commands of docs/loading.md work, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest.senders.read import read_sender
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"
# What a command must end with, where it is not 0: the report has a line that is wrong.
CODES = {"load rotkamp-march.csv": 1, "load april.csv --encoding cp1252": 1}


def test_the_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHCHANNEL_WORKSPACE", raising=False)
    block = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    for line in block.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        assert program == "graphchannel"
        done = CliRunner().invoke(main, arguments)
        command = " ".join(arguments)
        assert done.exit_code == CODES.get(command, 0), f"{command}\n{done.output}"
        if arguments[0] == "template":
            _fill(tmp_path)
        if command == "senders new rotkamp-march.csv":
            _confirm(tmp_path / "senders" / "rotkamp.toml")
        if "--export" in arguments:
            export = tmp_path / "rejects.csv"
            text = export.read_text("utf-8-sig").replace("no such day", "02.03.2014")
            export.write_text(text.replace(",many", ",2"), "utf-8")
    assert "Lines from 2014-03-01 to 2014-04-02." in done.output


def test_the_sender_of_the_page_is_one(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "rotkamp.toml"
    path.write_text(text, "utf-8")
    sender = read_sender(path)
    [section] = sender.sections
    assert (sender.confirmed, sender.open) == (True, ())
    assert section.cells["shipped_on"].columns == ("Ship\nDate",)
    known = {*canonical("shipments").column_names, "unit_price", "serial", "document_date"}
    assert set(section.cells) <= known


def _confirm(path: Path) -> None:
    """Answer what the proposal asks."""
    text = path.read_text("utf-8")
    assert len(read_sender(path).open) == 3
    for column, answer in (("seller_id", "D"), ("currency", "EUR"), ("reporter_id", "D")):
        text = text.replace(f'{column} = {{ value = "?" }}', f'{column} = {{ value = "{answer}" }}')
    path.write_text(text.replace("confirmed = false", "confirmed = true"), "utf-8")


def _fill(folder: Path) -> None:
    def write(name: str, text: str, encoding: str = "utf-8") -> None:
        (folder / name).write_text(text, encoding)

    write("channel/partners.csv", "id,name\nD,Distributor\nR,Muster GmbH\n")
    write("channel/products.csv", "id,name\nS,Switch\n")
    write("partners.csv", "id,name\nD,Distributor\nR,Muster GmbH & Co\n")
    header = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity\n"
    lines = "é1,1,2014-04-01,D,R,S,5\né1,2,02.04.2014,D,R,S,many\n"
    write("april.csv", header + lines, "cp1252")
    # title, total, decimal commas, a name with two blanks, a day that is none, a return
    report = (
        "Rotkamp März 2014;;;;;;\n\nBeleg-Nr;Pos;Lieferdatum;Händler;Art.-Nr.;Menge;Einzelpreis\n"
        "7;1;01.03.2014;Muster  GmbH ;S;3;1.200,50\n7;2;no such day;Muster GmbH;S;1;99,00\n"
        "8;1;31.03.2014;muster gmbh;S;-1;99,00\nSumme;;;;;3;\n"
    )
    write("rotkamp-march.csv", report, "cp1252")
