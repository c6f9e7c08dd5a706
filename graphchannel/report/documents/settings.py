"""The settings in force as a document: each with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    Setting = tuple[str, str, str]

__all__ = ["settings_document"]

_SETTINGS: tuple[Column[Setting], ...] = (
    Column("setting", lambda setting: setting[0]),
    Column("value", lambda setting: setting[1]),
    Column("from", lambda setting: setting[2]),
)


def settings_document(settings: Sequence[Setting]) -> Document:
    """List names, values and where each comes from."""
    return listing(Section("settings", "", _SETTINGS, settings))
