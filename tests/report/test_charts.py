"""Charts hold what they are given, draw it where it belongs, and need nothing from elsewhere."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from graphchannel.report.charts import maps
from graphchannel.report.charts.bars import MOST, Bar, BarChange, changes, ranked_bars
from graphchannel.report.charts.maps import Spot, spot_map
from graphchannel.report.charts.outlines import Window, outlines
from graphchannel.report.charts.style import COLOURS, Tone, composed
from graphchannel.report.charts.write import write_chart

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt

SVG = "{http://www.w3.org/2000/svg}"
TONES = {Tone.GOOD: "covered", Tone.GAP: "uncovered"}
CITIES = [
    Spot("Berlin", (52.52437, 13.41053), 3_426_354, Tone.GOOD),
    Spot("Madrid", (40.4165, -3.70256), 3_255_944, Tone.GOOD),
    Spot("Munich", (48.13743, 11.57549), 1_505_005, Tone.GAP),
    Spot("Augsburg", (48.37154, 10.89851), 301_105, Tone.GOOD),
]


def drawn(chart: alt.TopLevelMixin, folder: Path) -> ET.Element:
    write_chart(chart, folder / "chart.svg")
    return ET.parse(folder / "chart.svg").getroot()  # noqa: S314 - just written here


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def marks(svg: ET.Element, kind: str) -> list[dict[str, str]]:
    """Return the attributes of the marks of one kind, in the order in which they are drawn."""
    return [
        dict(path.attrib)
        for group in svg.iter(f"{SVG}g")
        if kind in group.get("class", "").split() and "role-mark" in group.get("class", "")
        for path in group.findall(f"{SVG}path")
    ]


def place_of(mark: dict[str, str]) -> tuple[float, float]:
    found = re.fullmatch(r"translate\((.+),(.+)\)", mark["transform"])
    assert found
    return float(found[1]), float(found[2])


def test_bars_are_as_long_as_their_values(tmp_path: Path) -> None:
    bars = [Bar("Germany", 40.0), Bar("France", 10.0, Tone.GAP, "· none left"), Bar("Italy", 0.0)]
    svg = drawn(composed("Title", "Sub", [ranked_bars(bars, "Demand", unit="km")]), tmp_path)
    rects = marks(svg, "mark-rect")
    lengths = [float(re.findall(r"h(-?[\d.]+)", rect["d"])[0]) for rect in rects]
    assert lengths[0] > 0
    assert lengths == pytest.approx([lengths[0], lengths[0] / 4, 0.0])
    assert [rect["fill"].upper() for rect in rects[:2]] == [COLOURS[Tone.GOOD], COLOURS[Tone.GAP]]
    said = texts(svg)
    for text in ("Title", "Sub", "Demand", "Germany", "40\xa0km", "10\xa0km · none left"):
        assert text in said


def test_many_rows_are_cut_and_said() -> None:
    bars = [Bar(f"Region {number}", 300.0 - number) for number in range(300)]
    chart = ranked_bars(bars, "Demand").to_dict()
    assert chart["title"] == f"Demand (the first {MOST} of 300)"
    assert len(rows_of(chart)) == MOST
    assert ranked_bars([], "Demand").to_dict()["title"] == "Demand: none"


def test_rows_of_one_name_stay_apart() -> None:
    chart = ranked_bars([Bar("Frankfurt", 2.0), Bar("Frankfurt", 1.0)], "Demand").to_dict()
    assert [row["name"] for row in rows_of(chart)] == ["Frankfurt", "Frankfurt (2)"]


def test_a_target_is_drawn_even_beyond_all_bars(tmp_path: Path) -> None:
    bars = [Bar("now", 661.0, figure="661 of 1,000")]
    chart = ranked_bars(bars, "Partners", target=1000, target_name="goal 1,000")
    svg = drawn(composed("", "", [chart]), tmp_path)
    (bar,) = marks(svg, "mark-rect")
    length = float(re.findall(r"h(-?[\d.]+)", bar["d"])[0])
    (line,) = [
        float(line.attrib["transform"].split("(")[1].split(",")[0])
        for group in svg.iter(f"{SVG}g")
        if "mark-rule role-mark" in group.get("class", "")
        for line in group.findall(f"{SVG}line")
    ]
    assert length == pytest.approx(line * 0.661, abs=0.5)
    assert {"661 of 1,000", "goal 1,000"} <= {*texts(svg)}


def test_changes_join_before_and_after() -> None:
    rows = [BarChange("DE", 40.0, 60.0), BarChange("FR", 50.0, 45.5)]
    chart = changes(rows, "Coverage", before="2014", after="2015", unit="%").to_dict()
    found = rows_of(chart)
    assert {(row["name"], row["value"], row["tone"]) for row in found if "tone" in row} == {
        ("DE", 40.0, "2014"),
        ("DE", 60.0, "2015"),
        ("FR", 50.0, "2014"),
        ("FR", 45.5, "2015"),
    }
    assert [row["label"] for row in found if "label" in row] == ["40 → 60\xa0%", "50 → 45.5\xa0%"]


def test_spots_lie_where_the_projection_of_labels_puts_them(tmp_path: Path) -> None:
    svg = drawn(composed("", "", [spot_map(CITIES, "Map", tones=TONES, size_name="n")]), tmp_path)
    frame = maps._fitted([spot.point for spot in CITIES])
    order = sorted(CITIES, key=lambda spot: (spot.tone != Tone.GOOD, -spot.size))
    spots = [place_of(mark) for mark in marks(svg, "mark-symbol")]
    assert len(spots) == len(order)
    for (x, y), spot in zip(spots, order, strict=True):
        assert (x, y) == pytest.approx(frame.place(spot.point), abs=0.5)
        assert 0 <= x <= frame.width
        assert 0 <= y <= frame.height


def test_areas_grow_with_sizes() -> None:
    chart = spot_map(CITIES, "Map", tones=TONES, size_name="inhabitants").to_dict()
    scale = chart["layer"][1]["encoding"]["size"]["scale"]
    assert scale["domain"] == [0, 3_426_354]
    assert [(row["name"], row["size"], row["tone"]) for row in rows_of(chart) if "size" in row] == [
        ("Berlin", 3_426_354, "covered"),
        ("Madrid", 3_255_944, "covered"),
        ("Augsburg", 301_105, "covered"),
        ("Munich", 1_505_005, "uncovered"),
    ]


def test_names_on_a_map_overlap_neither_each_other_nor_their_like() -> None:
    crowd = [
        Spot(
            f"Place {x} {y}",
            (48 + x / 9, 8 + y / 9),
            float(x + y),
            Tone.GAP if x % 3 else Tone.GOOD,
        )
        for x in range(12)
        for y in range(12)
    ]
    frame = maps._fitted([spot.point for spot in crowd])
    order = list(TONES)
    named = list(maps._labels(crowd, order, frame, 22.0))
    assert 5 < len(named) <= maps._LABELS
    boxes = []
    for name, x, y in named:
        wide = len(name) * maps._TEXT * maps._LETTER
        boxes.append((x, y - maps._TEXT / 2, x + wide, y + maps._TEXT / 2))
    assert not any(maps._overlap(a, b) for a, b in itertools.combinations(boxes, 2))
    spots = [maps._box(spot, frame, 22.0) for spot in crowd if spot.tone == Tone.GAP]
    assert not any(maps._overlap(a, b) for a in boxes for b in spots)


@pytest.mark.parametrize("spots", [[], CITIES[:1]])
def test_few_spots_make_a_map_too(spots: list[Spot], tmp_path: Path) -> None:
    chart = spot_map(spots, "Map", tones=TONES, size_name="n")
    assert len(marks(drawn(composed("", "", [chart]), tmp_path), "mark-symbol")) == len(spots)


def test_outlines_are_those_of_countries_in_the_window() -> None:
    found = {feature["id"]: feature for feature in outlines(Window(5.9, 6.6, 49.4, 50.2))}
    found.pop("RU", None)  # its mainland reaches around the world, up to both ends of the map
    assert found.keys() == {"BE", "DE", "FR", "LU"}
    islands = found["FR"]["geometry"]["coordinates"]
    assert len(islands) == 1, "French Guiana is elsewhere"
    everywhere = {feature["id"] for feature in outlines(Window(-180, 180, -90, 90))}
    assert {"DE", "MT", "US", "NZ", "XK", "SG"} <= everywhere


class References(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data") and tag != "a":
                self.found.append(f"{tag} {name}={value}")


def test_a_page_fetches_nothing(tmp_path: Path) -> None:
    chart = composed("T", "S", [spot_map(CITIES, "Map", tones=TONES, size_name="n")])
    write_chart(chart, tmp_path / "chart.html")
    page = (tmp_path / "chart.html").read_text("utf-8")
    references = References()
    references.feed(page)
    assert references.found == []
    assert "cdn.jsdelivr.net/npm" not in page.split("<body>")[-1]
    assert '"Munich"' in page
    assert '"editor": false' in page or '"editor":false' in page


@pytest.mark.parametrize("name", ["chart.svg", "chart.html"])
def test_the_same_rows_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    written = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        chart = composed(
            "T",
            "S",
            [
                spot_map(CITIES, "Map", tones=TONES, size_name="n"),
                ranked_bars([Bar("a", 1.0)], "Bars"),
                changes([BarChange("a", 1.0, 2.0)], "Changes", before="b", after="c"),
            ],
        )
        write_chart(chart, tmp_path / folder / name)
        written.append((tmp_path / folder / name).read_bytes())
    assert written[0] == written[1]


def rows_of(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all rows of a chart, those of its countries aside."""
    found: dict[str, dict[str, Any]] = {}
    for layer in chart["layer"]:
        data = layer.get("data", chart.get("data"))
        values = data.get("values", chart.get("datasets", {}).get(data.get("name")))
        for row in values:
            if row.get("type") != "Feature":
                found[json.dumps(row)] = row
    return list(found.values())
