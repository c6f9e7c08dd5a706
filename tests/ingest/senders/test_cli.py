"""`graphchannel senders`, and `load` with senders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphchannel.cli import main

REPORT = "Ship Date,Invoice,Line,Sold To,SKU,Qty\n2015-06-15,I1,1,R1,SW-24,3\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHCHANNEL_WORKSPACE", raising=False)
    Path("channel").mkdir()
    Path("channel/partners.csv").write_text("id,name\nD1,Rotkamp\nR1,Alpenblick\n", "utf-8")
    Path("channel/products.csv").write_text("id,name\nSW-24,Switch\n", "utf-8")
    Path("june.csv").write_text(REPORT, "utf-8")
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_from_an_unknown_file_to_its_lines() -> None:
    code, _, err = run("load", "channel", "june.csv")
    assert code == 2
    assert "'graphchannel senders new june.csv'" in err
    code, out, _ = run("senders", "new", "june.csv", "--name", "rotkamp")
    assert code == 0
    assert out.startswith("senders/rotkamp.toml: 3 questions to look at, 2 answers missing.")
    code, out, _ = run("senders", "check")
    assert (code, "still to be answered: shipments.seller_id.value" in out) == (1, True)
    assert run("load", "channel", "june.csv")[0] == 2
    path = Path("senders/rotkamp.toml")
    path.write_text(path.read_text("utf-8").replace('"?"', '"D1"'), "utf-8")
    code, out, _ = run("senders", "check", "senders")
    assert (code, "rotkamp.toml: the sender is not confirmed" in out) == (1, True)
    path.write_text(path.read_text("utf-8").replace("confirmed = false", "confirmed = true"))
    code, out, _ = run("senders", "check", "--file", "june.csv")
    assert code == 0
    assert "senders/rotkamp.toml: ok\n\nshipments\n" in out
    assert "Ship Date" in out
    code, out, err = run("load", "channel", "june.csv")
    assert code == 0
    assert "june.csv: sender rotkamp. Sender 'rotkamp' claims files with this name." in err


def test_list_and_show() -> None:
    assert run("senders", "list", "--format", "json")[:2] == (0, "[]\n")
    run("senders", "new", "june.csv", "--name", "rotkamp")
    Path("senders/broken.toml").write_text("x = 1", "utf-8")
    code, out, err = run("senders", "list", "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {
            "name": "rotkamp",
            "files": "june.csv",
            "tables": "shipments",
            "confirmed": "no",
            "about": "",
        }
    ]
    assert "senders/broken.toml:1: 'x' is unknown" in err
    code, out, err = run("senders", "show", "rotkamp")
    assert (code, err) == (0, "senders/rotkamp.toml\n")
    assert out == Path("senders/rotkamp.toml").read_text("utf-8")
    code, _, err = run("senders", "show", "rotkmp")
    assert (code, "Did you mean 'rotkamp'?" in err) == (2, True)


def test_a_folder_of_senders_is_added() -> None:
    Path("team").mkdir()
    code, out, _ = run("senders", "new", "june.csv", "--senders", "team")
    assert (code, out.startswith("team/sender.toml: ")) == (0, True)
    assert "sender " in run("senders", "list", "--senders", "team")[1]
    assert "sender " not in run("senders", "list")[1]
    code, _, err = run("load", "june.csv", "--senders", "team")
    assert (code, "team/sender.toml: still to be answered" in err) == (2, True)
    assert run("load", "june.csv", "--sender", "nobody")[0] == 2
