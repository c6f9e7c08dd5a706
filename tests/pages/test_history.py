"""docs/history.md: its commands work in the order of the page."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main
from tests.findings.network import network
from tests.pages.test_everyday import PAGE

if TYPE_CHECKING:
    import pytest

LATER = "id,shipped_on,seller_id,buyer_id,product_id,quantity\nL1,2015-01-10,A,B,X,3\n"


def test_the_page_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, tables in (("first", network()), ("later", {})):
        Path(folder).mkdir()
        for name, rows in tables.items():
            if rows:
                lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
                Path(folder, f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    Path("first", "shipments.csv").write_text(LATER.replace(",3\n", ",1\n"), "utf-8")
    Path("later", "shipments.csv").write_text(LATER, "utf-8")
    (block,) = re.findall(
        r"^```sh\n(.*?)^```$", PAGE.with_name("history.md").read_text(), re.M | re.S
    )
    said = {}
    for line in ["graphchannel load first", *block.splitlines()]:
        words = shlex.split(line, comments=True)
        result = CliRunner().invoke(main, words[1:], catch_exceptions=False)
        assert result.exit_code in {0, 1}, f"{line}\n{result.output}"
        said[" ".join(words[1:])] = result.stdout
    assert "byte by byte" in said["runs verify latest"]
    assert "lines corrected: L1; load 2," in said["diff"]
