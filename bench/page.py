"""`python -m bench.page`: write docs/performance.md and its pictures from the committed figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import altair as alt

from bench.check import COMMITTED
from graphchannel.files import write_whole
from graphchannel.report.charts.style import COLOURS, WIDTH, Tone, composed, inline
from graphchannel.report.charts.write import chart_svg

DOCS = Path(__file__).resolve().parent.parent / "docs"
ASKED = COMMITTED.with_name("questions.json")
PAGE = DOCS / "performance.md"
PICTURE = DOCS / "images" / "performance.svg"
_DRAWN = {
    "scan, all rules": Tone.GOOD,
    "load": Tone.GAP,
    "by hand": Tone.PLAN,
    "plain read_csv": Tone.QUIET,
}
_HIGH = 260  # pixels

_TEXT = """# Performance

What loading and judging cost, beside what an analyst would write for the same answers. This page
is generated from `bench/committed.json` (`python -m bench.page`). `make bench SIZE=2M` measures
on any machine and writes `bench.json`; `make bench-check` fails where a ratio is more than 25 %
above the committed one, or an answer differs. Terms are in the [glossary](glossary.md).

Ratios are of processor time, of whole processes of one run from the CSV files to the answer, each
the fastest of {repeat}. They were measured on {cores} cores with {memory_gib} GiB, {system},
Python {python}, DuckDB {duckdb}.

| ratio | {sizes} |
|---|{rules}|
{ratios}

- *By hand* is `bench/handwritten.sql`: one DuckDB script that loads the files, derives roles, and
  finds what {compared} rules find. The findings are equal.
- *pandas*, *Polars* and *NetworkX* answer one question each (`bench/peers.py`), with the same
  answer. Loading is counted in full, although it is done once for all questions, and checks,
  keeps history and derives what no peer does.
- `python -m bench.engines` runs the rules natively on Neo4j, `python -m bench.paths` shows how
  supply paths grow.

![Processor time by lines](images/performance.svg)

## Short questions

{questions} of an analyst's shortest questions (`tests/compiler/questions`) on {asked_lines:,}
lines, in this process and of Neo4j 5.26 over Bolt on the same machine, in turn (`python -m
bench.questions`). Ratios are medians of the time until the last row is here; below 1 we are
quicker.

| asked | ours : Neo4j |
|---|---:|
| again, both | {again:.2f} |
| for the first time, of a Neo4j that has planned it | {at_first:.2f} |
| for the first time, both | {both_first:.2f} |

{quicker} of {questions} are quicker here when they are asked again. What was compiled is kept by
the process; DuckDB plans anew each time, and a prepared statement saves none of that.

## Processes

| process | {sizes} |
|---|{rules}|
{runs}
"""


def page(figures: dict[str, Any], short: dict[str, Any]) -> str:
    """Return the page of some figures, and of those of short questions."""
    sizes = figures["sizes"]
    compared = sorted({one["rules_compared"] for one in sizes})
    return _TEXT.format(
        **figures["machine"],
        repeat=figures["repeat"],
        sizes=" | ".join(f"{one['lines']:,} lines" for one in sizes),
        rules="|".join("---:" for _ in sizes),
        ratios=_rows(sizes, "ratios", lambda ratio: f"{ratio:.2f}"),
        runs=_rows(sizes, "runs", lambda run: f"{run['cpu']:.1f} s, {run['mebibytes']:,.0f} MiB"),
        compared=" to ".join(map(str, compared)),
        asked_lines=short["lines"],
        questions=short["questions"],
        quicker=short["quicker"],
        again=short["medians"]["run"],
        at_first=short["medians"]["first"],
        both_first=short["medians"]["both first"],
    )


def picture(figures: dict[str, Any]) -> str:
    """Return how processor time grows with the lines, as SVG."""
    rows = [
        {"lines": one["lines"], "cpu": one["runs"][name]["cpu"], "process": name}
        for one in figures["sizes"]
        for name in _DRAWN
    ]
    colour = alt.Color(
        "process:N",
        scale=alt.Scale(domain=list(_DRAWN), range=[COLOURS[tone] for tone in _DRAWN.values()]),
        legend=alt.Legend(title=None, orient="top"),
    )
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("lines:Q", title="lines", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
        y=alt.Y("cpu:Q", title="seconds of processor time", scale=alt.Scale(type="log")),
        color=colour,
    )
    panel = alt.layer(base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=45))
    title, how = "Processor time by lines", "Both scales are logarithmic."
    return chart_svg(composed(title, how, [panel.properties(width=WIDTH, height=_HIGH)]))


def _rows(sizes: list[dict[str, Any]], part: str, shown: Any) -> str:
    names = list(dict.fromkeys(name for one in sizes for name in one[part]))
    return "\n".join(
        f"| {name} | "
        + " | ".join(shown(one[part][name]) if name in one[part] else "" for one in sizes)
        + " |"
        for name in names
    )


def main() -> None:
    """Write both."""
    figures = json.loads(COMMITTED.read_text("utf-8"))
    write_whole(PAGE, page(figures, json.loads(ASKED.read_text("utf-8"))))
    write_whole(PICTURE, picture(figures))


if __name__ == "__main__":
    main()
