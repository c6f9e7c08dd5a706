"""How commands say something: what is not seen but obeyed by a terminal is shown by its number."""

from __future__ import annotations

import click

from graphchannel.text import on_screen

__all__ = ["echo"]


def echo(text: object, *, err: bool = False) -> None:
    """Write a line, on standard output or beside it; names in it cannot steer the terminal."""
    click.echo(on_screen(str(text)), err=err)
