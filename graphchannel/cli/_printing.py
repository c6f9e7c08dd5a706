"""How every command prints: `--format`, `--section` and `--output`, and a document with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._options import opened_output, output_option
from graphchannel.errors import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.report.document import Document
    from graphchannel.report.formats import Need

__all__ = ["Printing", "print_document", "printing_options"]

_Command = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Printing:
    """In which format to print, which section if not all, and to which file if any.

    `sections` are the names that `--section` knows.
    """

    format: str = "table"
    section: str | None = None
    output: Path | None = None
    sections: tuple[str, ...] = ()

    @property
    def for_people(self) -> bool:
        """Whether people are to read it, and not a program."""
        return self.format == "table"


def printing_options(*sections: str, has: Sequence[Need] = ()) -> Callable[[_Command], _Command]:
    """Add `--format` and `--output`, and `--section` if the document has several `sections`.

    The command receives them as `printing: Printing`, and hands it to `print_document`. The formats
    are those that fit documents which have what `has` names.
    """

    def decorated(function: _Command) -> _Command:
        @functools.wraps(function)
        def gathered(
            *, format_: str, output: Path | None, section: str | None = None, **others: object
        ) -> object:
            _check(format_, section, output)
            return function(printing=Printing(format_, section, output, sections), **others)

        with_format = click.option(
            "--format",
            "format_",
            type=_Formats(has),
            default="table",
            show_default=True,
            help="How to print the result.",
        )
        options = with_format(output_option(gathered))
        if len(sections) > 1:
            with_section = click.option(
                "--section",
                type=_Sections(sections),
                help="Show this section only.  [default: all; as CSV the main one]",
            )
            options = with_section(options)
        return options

    return decorated


def print_document(document: Document, printing: Printing) -> None:
    """Write a document, or its section that was asked for, to the file or to standard output.

    Raises ValueError if it has sections that the command does not declare, and InputError if the
    one that was asked for is not among them this time.
    """
    from graphchannel.report.formats import format_named  # noqa: PLC0415 - not for --help

    several = len(document.keys) > 1
    if printing.sections and several and not set(document.keys) <= set(printing.sections):
        message = f"--section knows {printing.sections}, the document has {document.keys}"
        raise ValueError(message)
    if printing.section is not None:
        document = document.only(printing.section)
    format_ = format_named(printing.format)
    with opened_output(printing.output, binary=format_.binary) as stream:
        format_.write(document, stream)


def _check(format_: str, section: str | None, output: Path | None) -> None:
    """Refuse before any work what could not be printed after it."""
    from graphchannel.report.formats import format_named  # noqa: PLC0415 - not for --help

    found = format_named(format_)
    if found.binary and output is None:
        raise click.UsageError(f"--format {format_} goes with --output FILE.")
    if found.needs and section is not None:
        raise click.UsageError(f"--format {format_} has the whole result; leave out --section.")


class _Formats(click.Choice[str]):
    """The formats that fit; they are looked for when somebody asks."""

    def __init__(self, has: Sequence[Need]) -> None:
        self._has = has
        self.case_sensitive = True

    @cached_property
    def choices(self) -> Sequence[str]:  # type: ignore[override]  # click sets it beforehand
        """Return the names of the formats."""
        from graphchannel.report.formats import formats_for  # noqa: PLC0415 - only where needed

        return tuple(formats_for(self._has))


class _Sections(click.Choice[str]):
    """The names of sections; of a misspelt one, say which may be meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return click's message with the nearest name."""
        hint = did_you_mean(str(value), self.choices)
        return f"{super().get_invalid_choice_message(value, ctx)}{hint}"
