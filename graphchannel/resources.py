"""Where the shipped `cypher/` and `loaders/` are: beside the package, or inside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

from graphchannel.errors import GraphChannelError

DEFAULT_PACK = "huawei-enterprise"

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the shipped folder `name` (`cypher` or `loaders`).

    An installed wheel carries it under `graphchannel/_data`, a checkout beside the package. Raises
    GraphChannelError where neither has it.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise GraphChannelError(
        f"The shipped folder '{name}' is missing from the installation at {_PACKAGE}; "
        "install graphchannel again."
    )


def pack(name: str = DEFAULT_PACK) -> Path:
    """Return the folder of a shipped rule pack."""
    return folder("cypher") / name


def cache_folder() -> Path | None:
    """Return the user's own folder for what can be computed again; None if there can be none."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (Path(base) if base else Path.home() / ".cache") / "graphchannel"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):
        return None
    return folder
