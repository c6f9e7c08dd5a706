"""What `scan`, `show` and `partner` do alike: options of a scan, an open and current workspace."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from graphchannel.cli._config import from_config
from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace

__all__ = [
    "as_of_option",
    "catalogue_of",
    "complete_rule",
    "current_workspace",
    "day",
    "day_range_options",
    "repeated_options",
    "rules_option",
]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def day(value: str) -> date:
    """Read an ISO 8601 day for an option."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        message = f"'{value}' is no day; expected one such as 2015-06-30."
        raise click.BadParameter(message) from error


def as_of_option(function: _Decorated) -> _Decorated:
    """Add `--as-of`; the command receives `as_of: date | None`."""
    return click.option(
        "--as-of",
        type=day,
        metavar="DAY",
        callback=from_config("as-of"),
        help="The day to look at.  [default: the last day with a shipment]",
    )(function)


def day_range_options(function: _Decorated) -> _Decorated:
    """Add `--since` and `--until`; the command receives `date | None` for both."""
    until = click.option(
        "--until", type=day, metavar="DAY", help="Count lines up to this day only."
    )
    since = click.option(
        "--since", type=day, metavar="DAY", help="Count lines from this day on only."
    )
    return since(until(function))


def rules_option(function: _Decorated) -> _Decorated:
    """Add `--rules`; the command receives `rules: tuple[Path, ...]`."""
    return click.option(
        "--rules",
        "rules",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        help="Folder with further rules, <family>/<rule>.cypher; may be given more than once.",
    )(function)


def repeated_options(ctx: click.Context) -> str:
    """Return the options, as typed, that another command needs to see the same scan."""
    words = []
    for name in ("workspace", "pack", "rules", "as_of", "since", "until"):
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params[name]
        for one in value if isinstance(value, tuple) else (value,):
            words += [f"--{name.replace('_', '-')}", str(one)]
    return shlex.join(words)


def catalogue_of(pack: Path | None, rules: tuple[Path, ...]) -> Catalogue:
    """Read the pack (None: the shipped one) and the further rules."""
    from graphchannel import resources  # noqa: PLC0415 - reads the policy module
    from graphchannel.rules.catalogue import load_catalogue  # noqa: PLC0415 - with it

    return load_catalogue(pack or resources.pack(), rules)


def complete_rule(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of rules that begin so, for a shell that completes."""
    try:
        catalogue = catalogue_of(ctx.params.get("pack"), ctx.params.get("rules") or ())
    except GraphChannelError:
        return []  # a shell has no place for a message
    return [rule.id for rule in catalogue.rules if rule.id.startswith(incomplete)]


@contextmanager
def current_workspace(path: Path, policy: Policy) -> Iterator[Workspace]:
    """Open the workspace to read; derive it first where it follows another policy."""
    from graphchannel.workspace import open_workspace  # noqa: PLC0415 - imports duckdb

    workspace = open_workspace(path)
    if workspace.policy_fingerprint != policy.fingerprint:
        workspace.close()
        _refresh(path, policy)
        workspace = open_workspace(path)
    with workspace:
        yield workspace


def _refresh(path: Path, policy: Policy) -> None:
    from graphchannel.ingest.derive import refresh_policy  # noqa: PLC0415 - seldom needed
    from graphchannel.workspace import open_workspace  # noqa: PLC0415 - imports duckdb

    click.echo(
        f"The workspace follows another policy than '{policy.name}'; deriving roles again.",
        err=True,
    )
    with open_workspace(path, write=True) as workspace:
        refresh_policy(workspace, policy)
