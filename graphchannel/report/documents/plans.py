"""What both plans, of branches and of recruits, say alike."""

from __future__ import annotations

import math

from graphchannel.report.figures import percent

__all__ = ["GREEDY", "proof_text", "share_text", "shown_weight"]

GREEDY = "The greedy choice, to compare"


def proof_text(better: str, gap: float) -> str:
    """Say that no choice is better, or was found to be; a gap is never rounded to none.

    >>> proof_text("covers more", 0.0)
    'covers more (proved, gap 0 %)'
    >>> proof_text("covers more", 0.00395)
    'that covers more was found before the search ended (gap 0.4 %)'
    """
    if not gap:
        return f"{better} (proved, gap 0 %)"
    percent_up = math.ceil(1000 * gap) / 10
    return f"that {better} was found before the search ended (gap {percent_up:g} %)"


def shown_weight(value: float) -> int | float:
    """Return a weight as it is shown: whole, or with one decimal."""
    rounded = round(float(value), 1)
    return int(rounded) if rounded.is_integer() else rounded


def share_text(part: float, whole: float) -> str:
    """Return a part of a whole in percent."""
    return f"{percent(part / whole)} %"
