from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.findings.network import Rules

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """Return an empty folder for rules."""
    return Rules(tmp_path / "rules")
