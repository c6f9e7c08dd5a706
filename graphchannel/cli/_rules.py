"""The rules that a command speaks of, and the options that say which they are."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from click.core import ParameterSource

from graphchannel.cli._options import pack_option, rules_option
from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from graphchannel.rules.catalogue import Catalogue

__all__ = ["catalogue_of", "catalogue_options", "complete_rule", "repeated_options"]

_Command = Callable[..., object]


def repeated_options(ctx: click.Context) -> str:
    """Return the options, as typed, that another command needs to see the same scan."""
    words = []
    for name in ("workspace", "pack", "rules", "as_of", "known_at", "since", "until"):
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = ctx.params[name]
        for one in value if isinstance(value, tuple) else (value,):
            words += [f"--{name.replace('_', '-')}", str(one)]
    return shlex.join(words)


def catalogue_of(pack: Path | None, rules: tuple[Path, ...]) -> Catalogue:
    """Return the policy with its rules, and the further ones."""
    from graphchannel.channel import Channel  # noqa: PLC0415 - help starts no engine

    return Channel.open(None, policy=pack, rules=rules).catalogue


def complete_rule(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of rules that begin so, for a shell that completes."""
    try:
        catalogue = catalogue_of(ctx.params.get("pack"), ctx.params.get("rules") or ())
    except GraphChannelError:
        return []  # a shell has no place for a message
    return [rule.id for rule in catalogue.rules if rule.id.startswith(incomplete)]


def catalogue_options(*, rules: bool = False) -> Callable[[_Command], _Command]:
    """Add `--pack`, and on demand `--rules`; the command receives `catalogue: Catalogue`."""

    def decorated(function: _Command) -> _Command:
        @functools.wraps(function)
        def read(*, pack: Path | None, rules: tuple[Path, ...] = (), **others: object) -> object:
            return function(catalogue=catalogue_of(pack, rules), **others)

        return pack_option(rules_option(read) if rules else read)

    return decorated
