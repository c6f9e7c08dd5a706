"""Where the shipped `cypher/` and `loaders/` are: beside the package, or inside the wheel."""

from __future__ import annotations

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
