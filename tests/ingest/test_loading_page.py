"""The commands of docs/loading.md work, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"
# What a command must end with, where it is not 0: the report has a line that is wrong.
CODES = {"load march.csv --encoding cp1252": 1}


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
        if "--export" in arguments:
            export = tmp_path / "rejects.csv"
            export.write_text(export.read_text("utf-8").replace(",no\n", ",2\n"), "utf-8")
    assert "Lines from 2014-03-01 to 2014-03-02." in done.output


def _fill(folder: Path) -> None:
    def write(name: str, text: str, encoding: str = "utf-8") -> None:
        (folder / name).write_text(text, encoding)

    write("channel/partners.csv", "id,name\nD,Distributor\nR,Reseller\n")
    write("channel/products.csv", "id,name\nS,Switch\n")
    write("partners.csv", "id,name\nD,Distributor\nR,Müller\n")
    header = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity\n"
    lines = "é1,1,2014-03-01,D,R,S,5\né1,2,02.03.2014,D,R,S,no\n"
    write("march.csv", header + lines, "cp1252")
