"""How every command prints: `--format`, `--section` and `--output`, and a document with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._options import opened_output
from graphchannel.cli._outputs import Destination, chosen_outputs, outputs_option, write_all
from graphchannel.errors import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.report.document import Document
    from graphchannel.report.formats import Need

__all__ = ["Printing", "print_document", "print_text", "printing_options"]

_Command = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Printing:
    """Where to print and in which formats, and which section if not all.

    `sections` are the names that `--section` knows; `asked` tells whether format or files were
    named.
    """

    outputs: tuple[Destination, ...] = (Destination("table"),)
    section: str | None = None
    sections: tuple[str, ...] = ()
    asked: bool = False

    @property
    def without_screen(self) -> Printing:
        """The same, but nothing for standard output."""
        files = tuple(output for output in self.outputs if output.file is not None)
        return replace(self, outputs=files)

    @property
    def formats(self) -> frozenset[str]:
        """The formats that the result is written in."""
        return frozenset(output.format for output in self.outputs)

    @property
    def for_people(self) -> bool:
        """Whether people alone are to read it, and no program."""
        return self.formats == {"table"}


def printing_options(
    *sections: str, has: Sequence[Need] = (), endings: Sequence[str] = ()
) -> Callable[[_Command], _Command]:
    """Add `--format` and `--output`, and `--section` if the document has several `sections`.

    The command receives them as `printing: Printing`, and hands it to `print_document`. The formats
    are those that fit documents which have what `has` names. Files with one of the `endings` the
    command writes itself, with `print_text`.
    """
    formats = _Formats(has)

    def decorated(function: _Command) -> _Command:
        @functools.wraps(function)
        def gathered(
            *,
            format_: str | None,
            output: tuple[Path, ...],
            section: str | None = None,
            **others: object,
        ) -> object:
            outputs = chosen_outputs(format_, output, formats.choices, endings)
            for one in outputs:
                _check(one, section)
            asked = format_ is not None or bool(output)
            printing = Printing(outputs, section, sections, asked)
            return function(printing=printing, **others)

        with_format = click.option(
            "--format",
            "format_",
            type=formats,
            help="How to print the result.  [default: as the file is named, else table]",
        )
        options = with_format(outputs_option(gathered))
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
    """Write a document, or its section that was asked for, to the files and to standard output.

    Raises ValueError if it has sections that the command does not declare, and InputError if the
    one that was asked for is not among them this time. Where one of several files cannot be
    written the others are, and GraphChannelError says so.
    """
    several = len(document.keys) > 1
    if printing.sections and several and not set(document.keys) <= set(printing.sections):
        message = f"--section knows {printing.sections}, the document has {document.keys}"
        raise ValueError(message)
    if printing.section is not None:
        document = document.only(printing.section)
    write_all(printing.outputs, lambda output: _write(document, output))


def print_text(text: str, printing: Printing) -> None:
    """Write a text that is no document to the files and to standard output."""

    def write(output: Destination) -> None:
        with opened_output(output.file) as stream:
            stream.write(text)

    write_all(printing.outputs, write)


def _write(document: Document, output: Destination) -> None:
    from graphchannel.report.formats import format_named  # noqa: PLC0415 - not for --help

    format_ = format_named(output.format)
    with opened_output(output.file, binary=format_.binary) as stream:
        format_.write(document, stream)


def _check(output: Destination, section: str | None) -> None:
    """Refuse before any work what could not be printed after it."""
    from graphchannel.report.formats import format_named  # noqa: PLC0415 - not for --help

    found = format_named(output.format)
    if found.binary and output.file is None:
        raise click.UsageError(f"--format {output.format} goes with --output FILE.")
    if found.needs and section is not None:
        raise click.UsageError(
            f"--format {output.format} has the whole result; leave out --section."
        )


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
