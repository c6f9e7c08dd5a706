"""`--chart`, the same in every command that can draw what it says."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from graphchannel.cli._saying import echo
from graphchannel.errors import GraphChannelError
from graphchannel.text import joined

if TYPE_CHECKING:
    import altair as alt

__all__ = ["chart_option", "save_chart"]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])
_SUFFIXES = (".svg", ".png", ".html")


def chart_option(function: _Decorated) -> _Decorated:
    """Add `--chart`; the command receives `chart: Path | None`, a file that can be written."""
    return click.option(
        "--chart",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        callback=_checked,
        help="Draw the result into this file, too: FILE.svg or FILE.png, or FILE.html to point at.",
    )(function)


def save_chart(drawn: alt.TopLevelMixin, file: Path) -> None:
    """Write a chart into the file that was asked for, and say so."""
    from graphchannel.report.charts.write import write_chart  # noqa: PLC0415 - the extra `charts`

    write_chart(drawn, file)
    echo(f"Drew {file}.", err=True)


def _checked(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Refuse before any work what could not be drawn after it."""
    if file is None:
        return None
    if file.suffix.lower() not in _SUFFIXES:
        raise GraphChannelError(
            f"--chart {file}: the suffix says how to draw, and '{file.suffix}' is unknown; "
            f"expected {joined(_SUFFIXES, 'or')}."
        )
    if not file.parent.is_dir():
        raise GraphChannelError(f"--chart {file}: there is no folder {file.parent}.")
    if any(importlib.util.find_spec(name) is None for name in ("altair", "vl_convert")):
        raise GraphChannelError(
            "Charts need more packages: pip install 'graphchannel[charts]', or leave out --chart."
        )
    return file
