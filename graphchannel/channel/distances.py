"""How far a branch and a partner reach, in kilometres, where nobody says.

They stand by themselves, so that a command's help can name them without importing an analysis.
"""

from __future__ import annotations

__all__ = ["BRANCH_KM", "TERRITORY_KM"]

BRANCH_KM = 50.0  # from a branch within which it covers demand
TERRITORY_KM = 100.0  # from its place within which a partner serves a region
