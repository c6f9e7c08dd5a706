"""How the process of a command ends: what stopped it is said in a sentence and by its exit code."""

from __future__ import annotations

import gc
import io
import os
import select
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._faults import told
from graphchannel.cli._interrupt import Stopped, told_to_end
from graphchannel.cli._saying import echo, sayable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collect_seldom", "ended_well", "limit_memory", "prepare_streams"]

_SHARE_OF_MEMORY = 0.9
_MORE_OBJECTS = 50_000  # after which garbage in cycles is looked for; Python's own number is 700
_STOPPED = "Query interrupted"  # what DuckDB makes of Ctrl-C


def prepare_streams() -> None:
    """Let streams write what their encoding lacks, as consoles of Windows do, by its number.

    Ends the process where there is no standard output: a file that is opened later would be taken
    for it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        _say("standard output is closed; send it to a file, or to /dev/null.")
        os._exit(Exit.FAILED)


def limit_memory() -> None:
    """Let the process take most of the machine's memory, not more: an error says what is missing.

    Else the system ends it, or another one, without a word. Processes that it starts may take more.
    """
    try:
        import resource  # noqa: PLC0415 - is there on POSIX systems only

        has = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = int(has * _SHARE_OF_MEMORY)
        if soft == resource.RLIM_INFINITY or soft > most:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    except (ImportError, OSError, ValueError):  # a system that has no such limit
        return


def collect_seldom() -> None:
    """Look less often for garbage in cycles.

    There is little in rows and findings, and where there are many of them, looking took a sixth of
    the time of a command that prints them all.
    """
    gc.set_threshold(_MORE_OBJECTS)


@contextmanager
def ended_well() -> Iterator[None]:
    """End the process with its code where the block is stopped, and say why.

    All is written out first, so that a full disk, or a reader that has gone, such as `head`, shows
    here, and not when the interpreter shuts down: its code for that is 1, as for findings.
    """
    try:
        try:
            with _errors_shown():
                yield
        finally:
            if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
                sys.stdout.flush()
    except BrokenPipeError:
        _end_unwritten(Exit.UNREAD)
    except OSError as error:
        with suppress(OSError):
            _say(f"standard output: {error.strerror or error}.")
        _end_unwritten(Exit.FAILED)
    except KeyboardInterrupt as error:
        stopped = isinstance(error, Stopped)
        with suppress(OSError):
            _say("stopped." if stopped else "interrupted.")
        _end_unwritten(Exit.STOPPED if stopped else Exit.INTERRUPTED)


@contextmanager
def _errors_shown() -> Iterator[None]:
    """Say why a command was stopped.

    What graphchannel raises on purpose, and what the user can do something about, becomes one
    sentence. Anything else is a fault of its own: the traceback is shown, and the code is 2, since
    1 would read as findings.
    """
    try:
        yield
    except click.ClickException as error:
        shown = sayable(error.message)  # it may repeat what was given
        error.message = shown  # type: ignore[misc]  # of an error that is thrown away with it
        raise
    except (click.exceptions.Exit, click.Abort):
        raise  # click knows what to do with these
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            raise
        if (ending := told_to_end()) is not None:
            raise ending from error
        if isinstance(error, RuntimeError) and str(error) == _STOPPED:
            raise KeyboardInterrupt from error
        sentence = told(error)
        if sentence is None:
            traceback.print_exc()
            sentence = "this is a fault of graphchannel, please report it."
        _say(sentence)
        sys.exit(Exit.FAILED)


def _say(sentence: str) -> None:
    echo(f"graphchannel: {sentence}", err=True)


def _end_unwritten(code: Exit) -> NoReturn:
    """End the process; what its streams still hold goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):  # what is left in them is written out at the end
        with suppress(OSError, ValueError):  # one without a file
            os.dup2(nowhere, stream.fileno())
    sys.exit(code)


def _nobody_reads() -> bool:
    """Tell whether the reader of what is printed has gone; other pipes can break, too."""
    streams = select.poll()
    for stream in (sys.stdout, sys.stderr):
        streams.register(stream.fileno(), 0)  # a pipe without a reader is always told
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in streams.poll(0))
