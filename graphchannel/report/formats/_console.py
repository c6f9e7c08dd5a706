"""Where tables for people are printed."""

from __future__ import annotations

from typing import IO

from rich.console import Console

__all__ = ["PlainConsole", "console_for"]

_WIDTH = 120  # where the stream is no terminal, so that a file looks the same everywhere


class PlainConsole(Console):
    """A console that leaves it to its caller what a reader that has gone means for the exit code.

    Rich itself would end the process with 1, which reads as findings.
    """

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError again that is being handled."""
        raise  # noqa: PLE0704 - the console calls this where it has caught the error


def console_for(stream: IO[str]) -> Console:
    """Return a console that colours nothing but a terminal."""
    console = PlainConsole(file=stream, highlight=False, emoji=False)
    if not console.is_terminal:
        console = PlainConsole(
            file=stream, highlight=False, emoji=False, width=_WIDTH, no_color=True, soft_wrap=False
        )
    return console
