"""The application layer: every question and every change, for commands and for Python alike."""

from __future__ import annotations

from graphchannel.channel.engines import EngineChoice
from graphchannel.channel.facade import Channel

__all__ = ["Channel", "EngineChoice"]
