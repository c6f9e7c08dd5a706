"""Pages for people: generated ones are current, links lead somewhere, terms have one meaning."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from scripts import architecture, assurance, portable_cypher

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY"))]
)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
_FENCE = re.compile(r"```.*?```", re.DOTALL)


def _anchors(page: Path) -> set[str]:
    text = _FENCE.sub("", page.read_text("utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for name, anchor in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))):
        target = page.parent / name if name else page
        assert target.exists(), f"{page.name} links to {name}"
        if anchor and target.suffix == ".md":
            assert anchor[1:] in _anchors(target), f"{page.name} links to {name}{anchor}"


def test_the_rooms_are_those_of_the_contracts() -> None:
    assert architecture.PAGE.read_text("utf-8") == architecture.page(), "run `make docs`"


def test_the_page_on_assurance_names_tests_that_are_there() -> None:
    assert assurance.PAGE.read_text("utf-8") == assurance.page(), "run `make docs`"
    assert assurance.unread_variables() == []
    make = (ROOT / "Makefile").read_text("utf-8")
    assert [one.variable for one in assurance.TARGETS if one.variable not in make] == []


def test_the_page_on_portable_cypher_is_current_without_the_tck() -> None:
    """`make docs` works in a clone beside which there is nothing."""
    assert portable_cypher.PAGE.read_text("utf-8") == portable_cypher.page([]), "run `make docs`"


def test_every_contract_and_every_room_is_on_the_page() -> None:
    text = architecture.PAGE.read_text("utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        assert contract["name"] in text
    package = ROOT / "graphchannel"
    for room in sorted({path.stem for path in package.iterdir() if path.suffix in {"", ".py"}}):
        assert f"| `{room}` |" in text or room in {"__init__", "__pycache__", "_data"}


def test_the_pictures_name_rooms_that_are_there() -> None:
    package = ROOT / "graphchannel"
    for picture in ("row", "rule"):
        svg = (DOCS / "images" / f"{picture}.svg").read_text("utf-8")
        rooms = re.findall(r'class="room"[^>]*>([^<]+)<', svg)
        assert len(rooms) >= 6
        for room in (name for said in rooms for name in said.split(", ") if "*" not in name):
            if room.startswith("cypher/"):
                continue
            assert (package / room).is_dir() or (package / f"{room}.py").is_file(), room


def test_what_to_read_first_is_there() -> None:
    _, _, rest = architecture.PAGE.read_text("utf-8").partition("## Where to begin reading")
    named = re.findall(r"`([\w/-]+(?:\.py|/))`", rest)
    assert len(named) >= 10
    for name in named:
        assert (ROOT / "graphchannel" / name).exists() or (ROOT / name).exists(), name


def test_a_term_has_one_meaning() -> None:
    rows = re.findall(r"^\| (.+?) \| ", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    terms = [term for row in rows for term in row.split(", ") if term not in {"term", "---"}]
    assert len(terms) > 60
    assert [term for term, times in Counter(terms).items() if times > 1] == []


@pytest.mark.parametrize(
    "name",
    [
        "paths",
        "tracing",
        "coverage",
        "kpi",
        "recommend",
        "simulate",
        "everyday",
        "data-model",
        "history",
        "worklist",
        "scheduled",
    ],
)
def test_the_page_leads_to_the_glossary(name: str) -> None:
    assert "(glossary.md)" in (DOCS / f"{name}.md").read_text("utf-8")
