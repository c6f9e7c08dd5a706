"""A policy of one's own: it begins as a copy of the shipped one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.files import replacing_folder
from graphchannel.resources import pack

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["copy_pack"]


def copy_pack(target: Path) -> int:
    """Copy the shipped policy and rules into a new folder, whole or not; return how many rules.

    Raises InputError where there is something already, OSError where it cannot be written.
    """
    if target.exists():
        raise InputError(f"{target} is there already; name a folder that is not.")
    with replacing_folder(target) as made:
        shutil.copytree(pack(), made, dirs_exist_ok=True)
    return sum(1 for _ in target.rglob("*.cypher"))
