"""The kinds of input that can change a finding, each of which is changed back by itself."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "TABLES_OF", "WORDS", "Kind"]

Kind = Literal[
    "as_of", "policy", "rule", "lines", "correction", "withdrawal", "certificate", "territory",
    "branch", "party", "record", "waiver",
]  # fmt: skip
# In the order in which they are told, and tried one after the other.
KINDS: tuple[Kind, ...] = (
    "lines", "correction", "withdrawal", "certificate", "territory", "branch", "party", "record",
    "waiver", "rule", "policy", "as_of",
)  # fmt: skip
WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "as_of": "as-of day",
        "policy": "policy edit",
        "rule": "rule edit",
        "lines": "new lines",
        "correction": "lines corrected",
        "withdrawal": "lines withdrawn",
        "certificate": "certificate change",
        "territory": "territory change",
        "branch": "branch change",
        "party": "change of master data",
        "record": "change of plans, targets, capabilities or surveys",
        "waiver": "waiver",
    }
)
# Lines and serial numbers are told apart by what became of them.
TABLES_OF: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "certificate": ("certifications",),
        "territory": ("authorizations", "regions", "cities"),
        "branch": ("branches",),
        "party": ("vendors", "partners", "end_users", "products", "industries"),
        "record": ("capabilities", "programs", "targets", "surveys"),
        "waiver": ("waivers",),
    }
)
