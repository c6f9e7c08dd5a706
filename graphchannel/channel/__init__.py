"""The application layer: every question and every change, for commands and for Python alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.channel.engines import EngineChoice
    from graphchannel.channel.facade import Channel

__all__ = ["Channel", "EngineChoice"]


def __getattr__(name: str) -> object:
    """Import the channel when it is asked for: a command's help needs none."""
    if name == "Channel":
        from graphchannel.channel.facade import Channel  # noqa: PLC0415 - see above

        return Channel
    if name == "EngineChoice":
        from graphchannel.channel.engines import EngineChoice  # noqa: PLC0415 - see above

        return EngineChoice
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
