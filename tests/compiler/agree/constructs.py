"""The constructs of portable Cypher that random queries must reach."""

from __future__ import annotations

CLAUSES = (
    "MATCH, OPTIONAL MATCH, WITH, WITH WHERE, UNWIND, RETURN, RETURN *, UNION, UNION ALL, DISTINCT,"
    "ORDER BY, DESC, SKIP, LIMIT, several patterns, WITH *, shadowing, UNWIND of nodes"
)
PATTERNS = (
    "label, label |, label &, label :, label !, label predicate, type |, no type, undirected,"
    "property map, WHERE in a node, WHERE in a relationship, closed pattern, named path,"
    "variable length, variable length *0.., pattern predicate, bound relationship, hub,"
    "SHORTEST of all, SHORTEST of any"
)
SUBQUERIES = (
    "EXISTS, NOT EXISTS, EXISTS with two MATCH, COUNT { } as a value, COUNT { } as a predicate"
)
PREDICATES = (
    "NOT, boolean AND, boolean OR, boolean XOR, IS NULL, IS NOT NULL, IN, STARTS WITH, ENDS WITH,"
    "CONTAINS, comparison chain, null literal, node =, relationship =, id() =, id() IN,"
    "integer with float,"
    "all(), any(), none(), single(), quantifier over *, integer <, float >=, string <, date <="
)
AGGREGATION = (
    "count(*), count(), count(DISTINCT), sum(), sum(DISTINCT), avg(), min(), max(), collect(),"
    "collect(DISTINCT), collect() of nodes, ordered collect(), arithmetic on an aggregate,"
    "sum() of both kinds, avg() of both kinds, WHERE in what is repeated"
)
VALUES = (
    "parameter, searched CASE, simple CASE, coalesce(), list literal, null in a list, index,"
    "head(), last(), tail(), slice, range(), list + list, list comprehension, size() of a list,"
    "reverse() of a list, nodes(), relationships(), length(), type(), integer /, integer %,"
    "float /, sign, abs(), sign(), floor(), ceil(), round(), toInteger(),"
    "toInteger() of a float, toFloat(), toFloat() of text, toString(), string +,"
    "string + integer, toUpper(), toLower(), trim(), reverse(), left(), right(), substring(),"
    "replace(), split(), size(), date + duration, date - duration, date component,"
    "duration.inDays(), date.truncate(), isEmpty(), ltrim(), rtrim(), startNode(), endNode(),"
    "labels(), property in nodes()"
)
EXPECTED = frozenset(
    name.strip()
    for group in (CLAUSES, PATTERNS, SUBQUERIES, PREDICATES, AGGREGATION, VALUES)
    for name in group.split(",")
)
