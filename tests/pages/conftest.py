"""The generated channel that tests of the Python API ask, too."""

from __future__ import annotations

from tests.channel.conftest import files, workspace

__all__ = ["files", "workspace"]
