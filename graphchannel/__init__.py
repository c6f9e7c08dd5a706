"""Channel compliance you can read: partner files in, policy findings out.

`Channel` is the way in for Python; see docs/python.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.version import __version__

if TYPE_CHECKING:
    from graphchannel.channel import Channel

__all__ = ["Channel", "__version__"]


def __getattr__(name: str) -> object:
    """Import `Channel` when it is asked for: what needs no engine starts without one."""
    if name == "Channel":
        from graphchannel.channel import Channel  # noqa: PLC0415 - see above

        return Channel
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
