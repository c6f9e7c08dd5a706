"""How commands say something: what is not seen but obeyed by a terminal is shown by its number."""

from __future__ import annotations

import sys

import click

from graphchannel.text import on_screen

__all__ = ["echo", "sayable"]


def echo(text: object, *, err: bool = False) -> None:
    """Write a line, on standard output or beside it; names in it cannot steer the terminal.

    The stream is named, for click would take ASCII for a mistake and write UTF-8.
    """
    click.echo(on_screen(str(text)), file=sys.stderr if err else sys.stdout)


def sayable(text: str) -> str:
    """Return a text for standard error as click writes it: what its encoding lacks by number."""
    encoding = sys.stderr.encoding or "utf-8"
    return on_screen(text).encode(encoding, "backslashreplace").decode(encoding)
