"""A group whose commands share one channel: its options may stand before a command or behind it."""

from __future__ import annotations

import click

__all__ = ["ChannelGroup"]

_SHARED = frozenset({"workspace", "pack", "rules", "as_of", "known_at"})


class ChannelGroup(click.Group):
    """A group that is a command itself, such as `rejects`, with commands on the same channel.

    People write `rejects accept 7 -w other.duckdb` as they write it for every other command.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the options that all commands share before the command, wherever they were given."""
        takes = {
            name: isinstance(param, click.Option) and not param.is_flag
            for param in self.params
            if param.name in _SHARED
            for name in param.opts
        }
        shared: list[str] = []
        others: list[str] = []
        left = iter(args)
        for word in left:
            name, has_value, _ = word.partition("=")
            if word == "--":
                others += [word, *left]
            elif name in takes:
                shared.append(word)
                value = next(left, None) if takes[name] and not has_value else None
                shared += [value] if value is not None else []
            else:
                others.append(word)
        return super().parse_args(ctx, [*shared, *others])
