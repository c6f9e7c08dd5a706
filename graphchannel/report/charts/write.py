"""Writing a chart to a file: an SVG picture, or an HTML page that holds all that it needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import vl_convert

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt

__all__ = ["write_chart"]


def write_chart(chart: alt.TopLevelMixin, file: Path) -> None:
    """Write the chart as the file's suffix says, `.svg` or `.html`."""
    specification = chart.to_dict()
    if file.suffix.lower() == ".svg":
        text = _numbered(vl_convert.vegalite_to_svg(specification))
    else:
        menu = {"export": True, "source": False, "compiled": False, "editor": False}
        specification["usermeta"] = {"embedOptions": {"actions": menu}}
        text = vl_convert.vegalite_to_html(specification, bundle=True)
    file.write_text(text, "utf-8", newline="\n")


def _numbered(svg: str) -> str:
    """Return the picture with its references counted from 1; the library counts all pictures."""
    known: dict[str, str] = {}

    def again(found: re.Match[str]) -> str:
        return found[1] + known.setdefault(found[2], f"{found[3]}{len(known) + 1}")

    return re.sub(r"""(\bid="|url\(#)((clip|gradient_?)\d+)""", again, svg)
