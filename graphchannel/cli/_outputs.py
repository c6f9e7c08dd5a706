"""Where a result is written, and how: `--output`, as often as it is given, and `--format`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from graphchannel.cli._faults import told
from graphchannel.cli._options import WORKSPACE
from graphchannel.errors import GraphChannelError
from graphchannel.text import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Destination", "chosen_outputs", "outputs_option", "refuse_files", "write_all"]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])

_SCREEN = Path("-")  # how `--output` names standard output
_DEFAULT = "table"
_ELSEWHERE = {".pdf": " A PDF is written by 'graphchannel report FILE.pdf'."}


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that a result is written to, in a format; no file is standard output."""

    format: str
    file: Path | None = None


def outputs_option(function: _Decorated) -> _Decorated:
    """Add `--output`; the command receives `output: tuple[Path, ...]`, `-` is standard output."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        metavar="FILE",
        multiple=True,
        help="Write the result to this file, - for standard output; may be given more than once.",
    )(function)


def chosen_outputs(
    format_: str | None, files: Sequence[Path], offered: Sequence[str], others: Sequence[str] = ()
) -> tuple[Destination, ...]:
    """Return where to write, standard output last; refuse before any work what cannot be written.

    `--format` is that of the one result. Where several are written it is that of standard output,
    and the name of each file says how. Names with one of the endings `others` the command writes
    itself. Raises click.UsageError.
    """
    named = [file for file in files if file != _SCREEN]
    on_screen = not named or len(named) < len(files)
    if format_ is not None and len(named) > 1 and not on_screen:
        raise click.UsageError(
            f"--format {format_} goes with one --output; of several, the name of each file says "
            "how it is written, such as a.json and b.xlsx."
        )
    refuse_files(named, "--output ")
    own = None if on_screen else format_
    outputs = [Destination(own or _by_name(file, offered, others), file) for file in named]
    if on_screen:
        outputs.append(Destination(format_ or _DEFAULT))
    return tuple(outputs)


def write_all(outputs: Sequence[Destination], write: Callable[[Destination], None]) -> None:
    """Write to each place; of several, one that fails does not keep the others from being written.

    What a page is made of may cost the result, so pages come last, but for standard output. Raises
    what `write` raises, of several GraphChannelError that says what was written and what was not.
    """
    if len(outputs) == 1:
        write(outputs[0])
        return
    failed, written = [], []
    for output in sorted(outputs, key=lambda one: (one.format == "html", one.file is None)):
        try:
            write(output)
        except (OSError, GraphChannelError) as error:
            if output.file is None:
                raise
            failed.append(told(error) or str(error))
        else:
            written += [str(output.file)] if output.file else []
    if failed:
        others = f"Written: {joined(written)}." if written else "No file was written."
        raise GraphChannelError("\n".join([*failed, others]))


def _by_name(file: Path, offered: Sequence[str], others: Sequence[str]) -> str:
    from graphchannel.report.formats import format_by_ending, format_named  # noqa: PLC0415 - not for --help

    found = format_by_ending(file.name, offered)
    if found is not None:
        return found
    is_other = file.exists() and not file.is_file()  # a device or a pipe, as standard output may be
    if not file.suffix or file.suffix in others or is_other:
        return _DEFAULT
    known = sorted(ending for name in offered for ending in format_named(name).endings)
    elsewhere = _ELSEWHERE.get(file.suffix.lower(), "")
    raise click.UsageError(
        f"--output {file}: '{file.suffix}' does not tell how to write it; expected "
        f"{joined(known, 'or')}, or name one with --format.{elsewhere}"
    )


def refuse_files(files: Sequence[Path], option: str) -> None:
    """Refuse files that cannot be, that are named twice, or that are the workspace itself.

    `option` stands before their names. Raises click.UsageError.
    """
    workspace = click.get_current_context().meta.get(WORKSPACE)
    seen = set()
    for file in files:
        place = file.resolve()
        if not file.parent.is_dir():
            raise click.UsageError(f"{option}{file}: there is no folder {file.parent}.")
        if place in seen:
            raise click.UsageError(f"{option}{file}: it is named twice; name each file once.")
        if isinstance(workspace, Path) and place == workspace.resolve():
            raise click.UsageError(
                f"{option}{file}: this is the workspace, which would be lost; name another file."
            )
        seen.add(place)
