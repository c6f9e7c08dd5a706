"""The rules of the pack with a predicate more, which parts what they find into three.

Ternary logic: a predicate holds, does not, or is null, and each row is in one of the parts.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from graphchannel.resources import pack

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PARTS", "part_of_pack"]

PARTS = ("({})", "NOT ({})", "({}) IS NULL")
_ANALYSIS = "// @analysis"
_DE = "{}.country = 'DE'"
_AMOUNT = "{}.amount > 30"
# A rule that looks at several lines at once is parted by what they have in common.
_PRODUCT = "CASE WHEN {0}.product_id ENDS WITH 'Z' THEN null ELSE {0}.product_id ENDS WITH 'X' END"
_PREDICATES = {
    "certification/distributor-and-vap-in-group": _DE.format("distributor"),
    "certification/tier-one-not-certified-by-vendor": _DE.format("holder"),
    "certification/tier-two-not-certified-by-distributor": _DE.format("holder"),
    "coverage/distributor-missing-key-city": _DE.format("distributor"),
    "coverage/key-city-without-branch": "CASE WHEN city.id ENDS WITH 'PAR' THEN null "
    "ELSE city.id ENDS WITH 'MUC' END",
    "paths/left-territory": _PRODUCT.format("b"),
    "paths/sourced-from-vap": _PRODUCT.format("a"),
    "paths/supplied-diverting-vap": _PRODUCT.format("b"),
}
_BY_KIND = {  # what the first pattern of the other rules names
    "[h:HANDED_OVER": _PRODUCT.format("h"),
    "[s:SUPPLIED": _AMOUNT.format("s"),
    "(region:Region": "region.demand > 5",
    "(partner:Partner": _DE.format("partner"),
}
_THIN = "coverage/distributor-thin-country"  # knows its country late
_KNOWN = " AS country\nRETURN"
_COUNTRY = (
    "CASE WHEN coalesce(region.country, country) = 'FR' THEN null "
    "ELSE coalesce(region.country, country) = 'DE' END"
)


def part_of_pack(part: str, folder: Path) -> None:
    """Copy the pack with one of the parts of a predicate in each of its rules."""
    shutil.copytree(pack(), folder)
    for file in folder.rglob("*.cypher"):
        rule = file.relative_to(folder).with_suffix("").as_posix()
        file.write_text(_parted(rule, file.read_text("utf-8"), part), "utf-8")


def _parted(rule: str, text: str, part: str) -> str:
    if rule == _THIN:
        assert _KNOWN in text
        return text.replace(_KNOWN, f" AS country\nWHERE {part.format(_COUNTRY)}\nRETURN")
    begin = re.search(r"^MATCH", text, re.MULTILINE)
    assert begin, rule
    header, query = text[: begin.start()], text[begin.start() :]
    whole = _ANALYSIS in header
    branches = query.split("UNION ALL\n")
    return header + "UNION ALL\n".join(_with(rule, one, part, whole=whole) for one in branches)


def _with(rule: str, branch: str, part: str, *, whole: bool) -> str:
    """Put the condition before those of the first pattern; `whole` keeps a product's lines."""
    pattern, where, rest = branch.partition("\nWHERE ")
    assert where, rule
    predicate = _PREDICATES.get(rule) or next(
        predicate for named, predicate in _BY_KIND.items() if named in pattern
    )
    if whole and "[s:SUPPLIED" in pattern:
        predicate = _PRODUCT.format("s")
    return f"{pattern}\nWHERE {part.format(predicate)}\n  AND {rest}"
