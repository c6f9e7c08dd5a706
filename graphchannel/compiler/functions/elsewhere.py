"""Functions that other languages and extensions have, and what portable Cypher has for them."""

from __future__ import annotations

__all__ = ["of_extension", "of_other_language"]

_SORTED = "UNWIND the list, then WITH x ORDER BY x and collect(x)"
_AGGREGATED = "UNWIND the list, then use the aggregate"
_JOINED = "write reduce(t = '', x IN list | t + CASE t WHEN '' THEN '' ELSE ', ' END + x)"
_FORMATTED = "write toString(d), or a part of it: substring(toString(d), 0, 7)"

_EXTENSIONS = {
    "apoc": "an extension",
    "gds": "an extension",
    "coll": "not in every release",
}
_OF_EXTENSIONS = {
    "coll.sort": _SORTED,
    "coll.toset": "write collect(DISTINCT x)",
    "coll.distinct": "UNWIND the list, then write collect(DISTINCT x)",
    "coll.sum": _AGGREGATED,
    "coll.avg": _AGGREGATED,
    "coll.min": _AGGREGATED,
    "coll.max": _AGGREGATED,
    "coll.frequencies": "UNWIND the list, then count(*) beside the value",
    "coll.contains": "write x IN list",
    "coll.intersection": "write [x IN one WHERE x IN other]",
    "coll.subtract": "write [x IN one WHERE NOT x IN other]",
    "coll.flatten": "UNWIND twice, then collect()",
    "text.join": _JOINED,
    "date.format": _FORMATTED,
    "temporal.format": _FORMATTED,
    "date.parse": "write date('2024-01-31')",
}
_OF_OTHERS = {
    "len": "size(x)",
    "concat": "a + b",
    "ifnull": "coalesce(a, b)",
    "isnull": "x IS NULL",
    "nvl": "coalesce(a, b)",
    "if": "CASE WHEN … THEN … ELSE … END",
    "iif": "CASE WHEN … THEN … ELSE … END",
    "now": "date()",
    "today": "date()",
    "year": "d.year",
    "month": "d.month",
    "day": "d.day",
    "quarter": "d.quarter",
    "week": "d.week",
    "datediff": "duration.inDays(a, b).days",
    "date_diff": "duration.inDays(a, b).days",
    "dateadd": "d + duration({days: 30})",
    "date_add": "d + duration({days: 30})",
    "date_trunc": "date.truncate('month', d)",
    "datetrunc": "date.truncate('month', d)",
    "median": "percentileCont(x, 0.5)",
    "stddev": "stDev(x)",
    "variance": "stDev(x) ^ 2",
    "mean": "avg(x)",
    "average": "avg(x)",
    "power": "a ^ b",
    "pow": "a ^ b",
    "mod": "a % b",
    "array_agg": "collect(x)",
    "group_concat": "collect(x)",
    "string_agg": "collect(x)",
    "collect_list": "collect(x)",
    "to_date": "date('2024-01-31')",
    "str": "toString(x)",
    "int": "toInteger(x)",
    "float": "toFloat(x)",
    "substr": "substring(text, start, length)",
    "mid": "substring(text, start, length)",
    "countif": "count(CASE WHEN … THEN 1 END)",
    "sumif": "sum(CASE WHEN … THEN x ELSE 0 END)",
}


def of_extension(name: str) -> str:
    """Return what to write for a function of an extension; empty if it is of none."""
    first, _, rest = name.lower().partition(".")
    if first not in _EXTENSIONS or not rest:
        return ""
    plain = _OF_EXTENSIONS.get(f"coll.{rest}" if first == "coll" else rest)
    return plain or f"it is {_EXTENSIONS[first]}; say it in Cypher's own words"


def of_other_language(name: str) -> str:
    """Return what to write for a function that another language has; empty if none is known."""
    return _OF_OTHERS.get(name.lower(), "")
