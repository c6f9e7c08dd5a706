"""Charts of what would follow from changes: findings, regions, partners without a supplier."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.report.charts.bars import Bar, ranked_bars
from graphchannel.report.charts.maps import Spot, spot_map
from graphchannel.report.charts.style import Tone, composed, figure_text
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from graphchannel.analysis.coverage.stranded import Stranded
    from graphchannel.report.charts.style import Panel
    from graphchannel.simulation.run import Simulation

__all__ = ["simulation_chart"]


def simulation_chart(found: Simulation) -> alt.ConcatChart:
    """Draw findings by rule, regions gained and lost, and who could take partners over."""
    appearing, vanishing = (
        Counter(finding.rule for finding in findings)
        for findings in (found.findings.appearing, found.findings.vanishing)
    )
    tones = {Tone.GAP: "appear", Tone.PLAN: "vanish"}
    bars = [
        Bar(rule, count, tone, "vanish" if tone == Tone.PLAN else "appear")
        for counts, tone in ((appearing, Tone.GAP), (vanishing, Tone.PLAN))
        for rule, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
    question = found.question
    without = counted(len(found.stranded), "partner is", "partners are")
    parts: list[Panel] = [
        *_regions(found),
        ranked_bars(bars, "Findings by rule", tones=tones),
        ranked_bars(_takers(found.stranded), "Nearest distributor that could take them over"),
    ]
    return composed(
        f"{counted(appearing.total(), 'finding appears', 'findings appear')}, "
        f"{vanishing.total():,} vanish; {without} left without a supplier",
        f"As of {question.as_of}, if this held from {question.on} on: "
        f"{', '.join(str(applied.change) for applied in found.changes) or 'another policy'}.",
        parts,
    )


def _regions(found: Simulation) -> list[Panel]:
    """Return a map of the regions that change, if there are any whose place is known."""
    spots = [
        Spot(
            change.region.name,
            change.region.point,
            change.region.weight,
            Tone.PLAN if change.gained else Tone.GAP,
        )
        for change in found.regions
        if change.region.point is not None
    ]
    tones = {Tone.PLAN: "gained", Tone.GAP: "lost"}
    heading = "Regions gained and lost"
    return [spot_map(spots, heading, tones=tones, size_name="weight")] if spots else []


def _takers(stranded: Sequence[Stranded]) -> list[Bar]:
    """Count the partners by the distributor that could take them, and tell how far they are."""
    takers = Counter(one.nearest.name if one.nearest else "nobody" for one in stranded)
    bars = []
    for name, count in sorted(takers.items(), key=lambda entry: (-entry[1], entry[0])):
        known = [
            one.nearest.kilometres
            for one in stranded
            if one.nearest and one.nearest.name == name and one.nearest.kilometres is not None
        ]
        note = f"· up to {figure_text(max(known), 'km')} away" if known else ""
        bars.append(Bar(name, count, Tone.GAP if name == "nobody" else Tone.GOOD, note))
    return bars
