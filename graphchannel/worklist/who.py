"""Who does something: who is named, else what the environment says, else the system's user."""

from __future__ import annotations

import getpass
import os
from typing import NamedTuple

from graphchannel.errors import InputError
from graphchannel.worklist.changes import text_of

__all__ = ["VARIABLE", "Who", "who_is"]

VARIABLE = "GRAPHCHANNEL_USER"


class Who(NamedTuple):
    """A name, and where it comes from; nothing where somebody named it."""

    name: str
    source: str = ""


def who_is(named: str | None) -> Who:
    """Return who does something. Raises InputError where nobody can tell."""
    if named is not None:
        return Who(text_of("name", named))
    if given := os.environ.get(VARIABLE, "").strip():
        return Who(text_of("name", given), VARIABLE)
    try:
        return Who(text_of("name", getpass.getuser()), "the system's user")
    except (OSError, KeyError, ImportError) as error:
        raise InputError(
            f"Nobody tells who you are; name yourself with --by or in {VARIABLE}."
        ) from error
