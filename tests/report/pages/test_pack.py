"""What a partner may be given: no byte of it is about anybody else."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel import Channel
from graphchannel.channel.masking import Masks
from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.report.pages.pack import write_pack
from graphchannel.resources import pack as shipped
from tests.findings.network import POLICY, Rules, network
from tests.report.pages.test_page import data_of

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel.partner_pack import PartnerPack

WORLDS = int(os.environ.get("GRAPHCHANNEL_PACKS", "2"))
LINES = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)
RETURN a.id AS subject, b.id AS object, s.id AS shipment, b.name AS buyer, s.document AS invoice"""
ONWARD = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
RETURN a.id AS subject, c.id AS object, s.id AS shipment, t.id AS onward, t.amount AS price,
       t.document AS document_of, c.name + '/' + b.id AS both"""
PATHS = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, 1 AS broken_at"""
NODES = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
RETURN b.id AS subject, a.name AS above, c.id AS below, s.amount AS paid, t.id AS line"""


def world(seed: int) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """Return random chains, and of each party what nobody else may read: its words by id."""
    draw = random.Random(seed)  # noqa: S311 - the same network each time
    names = [f"{draw.choice(['Zorq', 'Ñandú', 'Öst & Söhne', 'Q'])}{n:02}xyz" for n in range(9)]
    partners = [{"id": f"idk{n:02}w", "name": name} for n, name in enumerate(names)]
    partners[1]["name"] = f"{names[0]} Süd"  # a name within another
    words: dict[str, set[str]] = {p["id"]: {p["id"], p["name"]} for p in partners}
    lines = []
    for number in range(24):
        seller, buyer = draw.sample(sorted(words), 2)
        amount = f"{draw.randrange(100_000, 900_000)}.{draw.randrange(11, 99)}"
        lines.append(
            {
                "id": f"lineno{number:03}z",
                "shipped_on": f"2015-01-{1 + number:02}",
                "seller_id": seller,
                "buyer_id": buyer,
                "product_id": "X",
                "quantity": draw.randrange(1, 9),
                "amount": amount,
                "currency": "EUR",
                "document": f"docno{number:03}z of {words[buyer] - {buyer}}",
                "reporter_id": draw.choice([seller, buyer]),
            }
        )
    return network(*lines, partners=partners), words


def forbidden(tables: dict[str, Any], words: dict[str, set[str]], reader: str) -> set[str]:
    """Return names, ids, prices and documents that a party may not read."""
    found = set().union(*(said for id_, said in words.items() if id_ != reader))
    for line in tables["shipments"]:
        if reader not in (line["seller_id"], line["buyer_id"]):
            found |= {line["id"], line["amount"], line["document"].split()[0]}
    own = words[reader]
    return {word for word in found if not any(word in kept for kept in own)}


@pytest.fixture(scope="module")
def pack_of_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules") / "pack"
    rules = Rules(folder)
    rules.add("supply/lines", LINES, message="{subject} to {object}: {invoice}, {buyer}")
    rules.add("supply/onward", ONWARD, message="{subject}, {object}: {onward} at {price}, {both}")
    rules.add("paths/two", PATHS, message="{path}: {quantity} units")
    rules.add("data/nodes", NODES, message="{subject}: {above}, {below} paid {paid}")
    (folder / "policy.toml").write_bytes((shipped() / "policy.toml").read_bytes())
    return folder


def opened(pack_of_rules: Path, tables: dict[str, Any]) -> Channel:
    channel = Channel.open(None, policy=pack_of_rules)
    load_rows(channel._opening.workspace, tables, POLICY)
    return channel


def content(folder: Path) -> str:
    """Return all that is in the files of a folder, those within workbooks too, and their names."""
    parts = []
    for file in sorted(folder.iterdir()):
        raw = file.read_bytes()
        parts += [file.name, raw.decode("utf-8", "replace")]
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(raw)) as book:
                parts += [f"{name} {book.read(name).decode()}" for name in book.namelist()]
        if file.suffix == ".html":
            parts.append(json.dumps(data_of(file), ensure_ascii=False))
    return "\n".join(parts).lower()


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_byte_of_a_pack_is_of_another_party(
    pack_of_rules: Path, tmp_path: Path, seed: int
) -> None:
    tables, words = world(seed)
    with opened(pack_of_rules, tables) as channel:
        for reader in sorted(words)[:3]:
            folder = tmp_path / reader
            pack = channel.partner_pack(reader)
            write_pack(pack, folder)
            text = content(folder)
            leaks = {word for word in forbidden(tables, words, reader) if word.lower() in text}
            assert leaks == set(), (seed, reader)
            own = [line for line in tables["shipments"] if reader == line["seller_id"]]
            assert all(line["id"] in text and line["amount"] in text for line in own)
            assert_masks_are_one_to_one(pack, words)


def assert_masks_are_one_to_one(pack: PartnerPack, words: dict[str, set[str]]) -> None:
    masks = pack.key["parties"]
    assert len(set(masks.values())) == len(masks)
    assert set(masks.values()) <= set(words) - {pack.partner}


def test_the_party_above_never_sees_the_customer_of_the_reseller(pack_of_rules: Path) -> None:
    tables, _ = world(0)
    tables["shipments"] = [
        dict(line, seller_id=seller, buyer_id=buyer, reporter_id=seller)
        for line, (seller, buyer) in zip(
            tables["shipments"], [("idk01w", "idk02w"), ("idk02w", "idk03w")], strict=False
        )
    ]
    with opened(pack_of_rules, tables) as channel:
        pack = channel.partner_pack("idk01w")
    assert list(pack.facts.lines) == ["lineno000z"]
    (path,) = [finding for finding in pack.facts.judged.findings if finding.path]
    assert path.path is not None
    assert [party.id for party in path.path.parties] == ["idk01w", path.path.parties[1].name]
    assert path.path.parties[1].name.startswith("Party ")
    assert (path.lines, path.path.shipments, path.path.broken_at) == (1, ("lineno000z",), 1)
    assert {f.quantity for f in pack.facts.judged.findings if f.lines} == {
        tables["shipments"][0]["quantity"]
    }


def test_the_key_says_who_is_who(pack_of_rules: Path, tmp_path: Path) -> None:
    tables, words = world(1)
    with opened(pack_of_rules, tables) as channel:
        pack = channel.partner_pack("idk00w")
        key = json.loads(write_pack(pack, tmp_path / "out").read_text("utf-8"))
        with channel.scan(partner="idk00w") as result:
            prints = {f.fingerprint for f in result.findings() if f.subject.id == "idk00w"}
    assert set(key["findings"].values()) == prints
    with (tmp_path / "out" / "reply.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:5] == ["pack", "finding", "line", "answer", "comment"]
    assert {row["finding"] for row in rows} == set(key["findings"])
    assert {row["pack"] for row in rows} == {key["pack"]}
    others = {row[side] for row in rows for side in ("seller", "buyer") if row[side]} - {"idk00w"}
    assert others <= set(key["parties"])
    assert not any(print_ in content(tmp_path / "out") for print_ in prints)
    assert len(words) == 9


def test_the_longest_name_is_masked_and_the_own_one_stays() -> None:
    parties = {"A": "Alpha", "B": "Alpha Systems", "C": "Alpha Systems Süd", "1000": "Mill"}
    masks = Masks("B", parties, hidden=["L77"])
    said = "ALPHA SYSTEMS SÜD, alpha systems, xAlphax, A, BA, L77, 1000.00 of 1000, 21000"
    assert masks.text(said) == (
        "Party 1, alpha systems, xParty 2x, Party 2, BA, …, Party 3.00 of Party 3, 21000"
    )


def test_a_pack_needs_a_partner_and_a_folder(tmp_path: Path) -> None:
    for arguments in (["--partner", "A"], ["--out", "x"], [], ["a.html", "--partner", "A"]):
        workspace = ["-w", str(tmp_path / "none.duckdb")]
        result = CliRunner().invoke(main, ["report", *arguments, *workspace])
        assert result.exit_code == 2
        assert "--partner" in result.stderr
