"""Rules that use up the cap of one waiver: a finding of one is another by what others find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.focus import Focus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    Sharing = Mapping[str, frozenset[str]]

__all__ = ["sharing_caps", "wider_focus"]

_CAPPED = """
SELECT DISTINCT regexp_split_to_array(trim(rule), '\\s+') FROM (
    SELECT rule, max_quantity, max_value FROM main.waivers
    UNION ALL SELECT rule, max_quantity, max_value FROM change.before_waivers
    UNION ALL SELECT rule, max_quantity, max_value FROM change.after_waivers)
WHERE max_quantity IS NOT NULL OR max_value IS NOT NULL
"""


def sharing_caps(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Return the rules of waivers with a cap, each with all whose lines can use its caps up.

    Of both moments between which a world can stand (`runs.world`). Units that one waiver covers
    count against no other, so rules that share none are together by way of a third.
    """
    found: dict[str, frozenset[str]] = {}
    for (names,) in connection.execute(_CAPPED).fetchall():
        together = frozenset(names).union(*(found.get(name, frozenset()) for name in names))
        found |= dict.fromkeys(together, together)
    return found


def wider_focus(
    focus: Mapping[str, Focus], rules: Collection[str], sharing: Sharing
) -> dict[str, Focus]:
    """Let rules that share caps look at each other's subjects, with all that these have.

    Rules that are not in `focus` are judged as a whole, and so are those that share a cap with one
    that some finding of `rules` is of.
    """
    wide = dict(focus)
    for name in rules:
        together = sharing.get(name)
        if together is None:
            continue
        asked = [focus.get(one) for one in together if one in rules]
        subjects = [one.subjects for one in asked if one is not None]
        for one in together:
            if len(subjects) == len(asked):
                wide[one] = Focus(frozenset().union(*subjects))
            else:
                wide.pop(one, None)
    return wide
