"""`graphchannel.toml` in the working directory: settings that a team shares.

An option on the command line goes before an environment variable, that before the file, and the
file before the built-in default.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from graphchannel.errors import GraphChannelError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FILE", "SETTINGS", "SEVERITIES", "Value", "from_config", "read_config"]

FILE = Path("graphchannel.toml")
SETTINGS = ("workspace", "pack", "as-of", "fail-on", "neo4j-url", "user")
Value = str | date
SEVERITIES = ("critical", "high", "medium", "low", "info")


def read_config(file: Path = FILE) -> dict[str, Value]:
    """Return the settings of `file`, none if it is not there; raise GraphChannelError if wrong."""
    if not file.exists():
        return {}
    from graphchannel.toml_file import Unreadable, read_toml  # noqa: PLC0415 - few have the file

    try:
        document = read_toml(file)
    except (OSError, Unreadable) as error:
        raise GraphChannelError(f"{file}: cannot be read as TOML: {error}.") from error
    return {key: _checked(file, key, value) for key, value in document.items()}


def _checked(file: Path, key: str, value: object) -> Value:
    if key not in SETTINGS:
        raise GraphChannelError(
            f"{file}: the setting '{key}' is unknown (has: {', '.join(SETTINGS)})."
            f"{did_you_mean(key, SETTINGS)}"
        )
    if key == "as-of" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise GraphChannelError(
                f"{file}: as-of is '{value}'; expected a day such as 2015-06-30."
            ) from error
    if key == "as-of" and type(value) is date:
        return value
    if key == "as-of" or not isinstance(value, str):
        expected = "a day such as 2015-06-30" if key == "as-of" else "a text"
        raise GraphChannelError(f"{file}: {key} is {value!r}; expected {expected}.")
    if key == "fail-on" and value not in SEVERITIES:
        raise GraphChannelError(
            f"{file}: fail-on is '{value}'; expected one of {', '.join(SEVERITIES)}."
            f"{did_you_mean(value, SEVERITIES)}"
        )
    return value


def from_config(setting: str) -> Callable[[click.Context, click.Parameter, object], object]:
    """Return a click callback that takes `setting` from the file where nobody else gave a value."""

    def callback(ctx: click.Context, param: click.Parameter, value: object) -> object:
        if (
            param.name is None
            or ctx.get_parameter_source(param.name) is not ParameterSource.DEFAULT
        ):
            return value
        configured = read_config().get(setting)
        if configured is None:
            return value
        if isinstance(configured, date):
            return configured
        try:
            return param.type.convert(configured, param, ctx)
        except click.BadParameter as error:
            raise GraphChannelError(f"{FILE}: {setting}: {error.message}") from error

    return callback
