"""Writing a chart to a file: an SVG picture, or an HTML page that holds all that it needs."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any

import vl_convert

from graphchannel.files import replacing, write_whole
from graphchannel.report.content_policy import source_hash
from graphchannel.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt

__all__ = ["chart_svg", "write_chart"]

_PNG_SCALE = 2  # dots for each pixel, as screens and printers have them
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
# The library compiles expressions of charts, which takes eval; nothing is fetched from anywhere.
_POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-eval' {hashes}; base-uri 'none'; form-action 'none'"
)


def write_chart(chart: alt.TopLevelMixin, file: Path) -> None:
    """Write the chart as the file's suffix says, `.svg`, `.png` or `.html`.

    Names are shown as text whatever is in them: a page runs no script but its own.
    """
    if file.suffix.lower() == ".png":
        with replacing(file, binary=True) as stream:
            stream.write(vl_convert.vegalite_to_png(_shown(chart.to_dict()), scale=_PNG_SCALE))
        return
    if file.suffix.lower() == ".svg":
        text = chart_svg(chart)
    else:
        specification = _shown(chart.to_dict())
        menu = {"export": True, "source": False, "compiled": False, "editor": False}
        specification["usermeta"] = {"embedOptions": {"actions": menu}}
        text = _page(specification)
    write_whole(file, text)


def chart_svg(chart: alt.TopLevelMixin) -> str:
    """Return the chart as a picture."""
    return _numbered(vl_convert.vegalite_to_svg(_shown(chart.to_dict())))


def _shown(value: Any) -> Any:
    """Return a specification with all texts visible."""
    if isinstance(value, dict):
        return {_shown(key): _shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part) for part in value]
    return visible(value) if isinstance(value, str) else value


def _page(specification: dict[str, Any]) -> str:
    """Return an HTML page; in a script no text of the chart may look like a tag.

    The library writes texts as they are, so that each `<` is handed to it as a word that is not in
    the chart, and is an escape of JSON afterwards.
    """
    said = repr(specification)
    word = next(word for n in count() if (word := f"lessthan{n}") not in said)
    page = vl_convert.vegalite_to_html(_replaced(specification, word), bundle=True)
    return _with_policy(page.replace(word, "\\u003c"))


def _replaced(value: Any, word: str) -> Any:
    if isinstance(value, dict):
        return {_replaced(key, word): _replaced(part, word) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(part, word) for part in value]
    return value.replace("<", word) if isinstance(value, str) else value


def _with_policy(page: str) -> str:
    """Return the page with a content security policy that names its own scripts, and no others."""
    hashes = " ".join(f"'{source_hash(script)}'" for script in _SCRIPT.findall(page))
    policy = _POLICY.format(hashes=hashes)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", f"<head>\n    {meta}", 1)


def _numbered(svg: str) -> str:
    """Return the picture with its references counted from 1; the library counts all pictures."""
    known: dict[str, str] = {}

    def again(found: re.Match[str]) -> str:
        return found[1] + known.setdefault(found[2], f"{found[3]}{len(known) + 1}")

    return re.sub(r"""(\bid="|url\(#)((clip|gradient_?)\d+)""", again, svg)
