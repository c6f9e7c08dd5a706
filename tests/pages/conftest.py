"""The channels that tests of the commands and of the Python API ask, too."""

from __future__ import annotations

from tests.channel.conftest import files, workspace
from tests.cli.conftest import desk

__all__ = ["desk", "files", "workspace"]
