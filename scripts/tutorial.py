"""Run the tutorial from top to bottom, and write its outputs into the page."""

from __future__ import annotations

from pathlib import Path

from scripts import walkthrough

PAGE = walkthrough.DOCS / "tutorial.md"


def current() -> str:
    """Return the text of the page with the outputs as they are now."""
    return walkthrough.current(PAGE, {Path("rejects.csv"): _corrected})


def _corrected(export: str) -> str:
    """Correct the exported rejects as the page says."""
    return export.replace("Alpenblik", "Alpenblick").replace("31.06.2015", "30.06.2015")


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
