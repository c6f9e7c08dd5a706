"""Run the page on a compliance officer's month, and write its outputs into it."""

from __future__ import annotations

import re
from pathlib import Path

from scripts import walkthrough

PAGE = walkthrough.DOCS / "compliance.md"


def current() -> str:
    """Return the text of the page with the outputs as they are now."""
    return walkthrough.current(PAGE, {Path("our-policy/policy.toml"): _with_half_a_year})


def _with_half_a_year(policy: str) -> str:
    """Let partners sell off their stock for half a year, as the page says."""
    return re.sub(r"(\[parameters\.sell_off_days\][^\[]*?\nvalue = )\d+", r"\g<1>180", policy)


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
