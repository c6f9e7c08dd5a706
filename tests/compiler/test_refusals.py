"""What is not portable is refused: with its place, its name, and what to write instead."""

from __future__ import annotations

import inspect
import sys

import duckdb
import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.syntax.parser import parse
from graphchannel.errors import (
    CypherError,
    CypherSyntaxError,
    NotPortable,
    TypeMismatch,
    UnknownName,
)
from graphchannel.schema import CHANNEL
from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
)
from tests.compiler.sample import SCHEMA, connect


def error_of(query: str) -> CypherError:
    with pytest.raises(CypherError) as caught:
        compile_cypher(query, SCHEMA, name="rule.cypher")
    return caught.value


@pytest.mark.parametrize(
    ("query", "construct", "words"),
    [
        ("CREATE (n) RETURN n", "CREATE", "only read"),
        ("MATCH (n) SET n.x = 1", "SET", "only read"),
        ("MATCH (n) DETACH DELETE n", "DETACH DELETE", "only read"),
        ("MATCH (n) REMOVE n.x RETURN n", "REMOVE", "only read"),
        ("MERGE (n) RETURN n", "MERGE", "only read"),
        ("CALL db.labels() YIELD label RETURN label", "CALL", "no portable form"),
        ("LOAD CSV FROM 'x' AS row RETURN row", "LOAD CSV", "graphchannel load"),
        ("MATCH p = shortestPath((a)-[*]->(b)) RETURN p", "shortestPath", "allShortestPaths"),
        (
            "MATCH p = SHORTEST 2 (v:Vendor)-[:SUPPLIED]->+(e:EndUser) RETURN p",
            "SHORTEST 2, which is any",
            "SHORTEST 2 GROUPS has all",
        ),
        (
            "MATCH p = SHORTEST 2 GROUPS (v:Vendor)-[:SUPPLIED]->+(e:EndUser) RETURN p",
            "SHORTEST 2 GROUPS without an upper bound",
            "{1,6}",
        ),
        ("MATCH p = ANY (v:Vendor)-[:SUPPLIED]->+(e:EndUser) RETURN p", "shortestPath", "all"),
        (
            "MATCH p = allShortestPaths((a)-[*]->(b)) RETURN p",
            "a shortest path whose ends",
            "a <> b",
        ),
        (
            "MATCH p = allShortestPaths((a)-[*]->(b)) WHERE a <> b AND length(p) > 1 RETURN p",
            "a condition on a shortest",
            "afterwards",
        ),
        ("MATCH (a)-[r:SUPPLIED*1..2 WHERE r.quantity > 1]->(b) RETURN a", "WHERE inside", "all(r"),
        (
            "MATCH (a:Party) WHERE a.name =~ 'x(?=y)' RETURN a",
            "the regular expression",
            "STARTS WITH",
        ),
        ("MATCH (a:Party) RETURN a.id AS x LIMIT 1", "LIMIT without ORDER BY", "ORDER BY"),
        ("RETURN datetime() AS x", "datetime() without", "pass the day"),
        (
            "RETURN date('2024-01-02') - date('2024-01-01') AS x",
            "the difference",
            "duration.inDays",
        ),
        (
            "MATCH (a:Party) RETURN duration.between(max(a.joined), date('2024-01-01')) AS x",
            "a duration as a value",
            "take its days",
        ),
        ("RETURN 'a' + date('2024-01-01') AS x", "STRING + DATE", "toString()"),
        ("WITH true AS b RETURN b + 'a' AS x", "BOOLEAN + STRING", "toString()"),
        ("RETURN duration({quarters: 3}) AS x", "duration({quarters: …})", "years to seconds"),
        (
            "MATCH (a)((x)-[r:SUPPLIED]->(y) WHERE x.id < y.id){2}(b) RETURN a",
            "several parts of a quantified path",
            "one hop after the other",
        ),
        (
            "MATCH (a)-[:SUPPLIED]->(b)((x)-[r:SUPPLIED]->(y:Partner)){2} RETURN a",
            "a condition on several parts of a quantified path",
            "one hop after the other",
        ),
        (
            "MATCH (p:Party) WHERE (p)-[s:SUPPLIED WHERE s.quantity > 1]->{1,2}() RETURN p",
            "several parts of a quantified path",
            "one hop after the other",
        ),
        ("WITH [1, 2] AS all RETURN size(all) AS n", "a variable called all", "`all`"),
        ("WITH 2 AS all RETURN abs(All - 3) AS n", "a variable called", "backticks"),
        ("WITH 2 AS all RETURN coalesce(all IN [2]) AS n", "a variable called all", "`all`"),
        ("WITH [7] AS all RETURN all[0] AS n", "a variable called all", "`all`"),
        ("WITH 2 AS all WITH all - 3 AS n RETURN n", "a variable called all", "`all`"),
        ("WITH 2 AS nan RETURN 3 - nan AS n", "a variable called nan", "`nan`"),
        ("MATCH (inf:Party) RETURN inf.id AS n", "a variable called inf", "`inf`"),
        ("WITH 2 AS Infinity RETURN abs((Infinity)) AS n", "a variable called Infinity", "number"),
        ("MATCH (p:Party) RETURN properties(p) AS x", "all properties", "n {.id, .name}"),
        ("RETURN duration({months: 1.5}) AS x", "a duration of FLOAT months", "whole"),
        ("RETURN duration({days: 1}) = duration({days: 1}) AS x", "comparing durations", "dates"),
        ("RETURN duration({days: 1}) AS x", "a duration as a value", "date"),
        ("RETURN date() AS x", "date() without", "$as_of"),
        ("MATCH (p:Party) RETURN date(p.size) AS x", "date() of INTEGER", "load it as a date"),
        ("RETURN [1, {a: 1}] AS x", "a value that is", "one type"),
        ("UNWIND [1, 1.5] AS x RETURN DISTINCT x", "grouping by what is", "toFloat"),
        ("MATCH (p:Party) RETURN p.size IN [p.rating] AS x", "IN with floats", "= and OR"),
        ("RETURN 9007199254740993 IN [9007199254740992.0] AS x", "IN with floats", "= and OR"),
        ("MATCH (p:Party) RETURN collect(p.name)[0] AS x", "an index into", "ORDER BY"),
        ("MATCH (p:Party) RETURN head(collect(p.name)) AS x", "head()", "ORDER BY"),
        (
            "WITH [1] AS l RETURN reduce(n = 0, x IN l | n + COUNT { (:Party {size: x}) }) AS x",
            "a subquery inside a list",
            "UNWIND",
        ),
        ("MATCH (p:Party) RETURN (p)-->() AS x", "a pattern as a value", "EXISTS {"),
        ("MATCH (p:Party $props) RETURN p", "a parameter as property map", "$value"),
        (
            "MATCH (p:Party:Partner)-->(q:Party|Region) RETURN p",
            "label expression that mixes",
            "A&B",
        ),
        ("RETURN 1 AS x UNION RETURN 2 AS x UNION ALL RETURN 3 AS x", "mixed UNION", "throughout"),
        ("RETURN replace('abc', '', 'x') AS x", "replace() of an empty", "literal"),
        ("RETURN split('abc', '') AS x", "split() at an empty", "literal"),
        ("RETURN substring('abc', -1) AS x", "substring()", "literal"),
        (
            "MATCH (p:Party) RETURN p.size + count(*) AS x",
            "'p' beside an aggregate",
            "grouping key",
        ),
    ],
)
def test_a_construct_that_is_not_portable_is_named(query: str, construct: str, words: str) -> None:
    error = error_of(query)
    assert words in error.message
    if construct == "TypeMismatch":
        assert isinstance(error, TypeMismatch)
    else:
        assert isinstance(error, NotPortable)
        assert construct in error.construct


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("p.joined + duration({days: p.size})", r"duration\(\{days: null\}\)"),
        ("date({year: 2024, month: p.size / p.size})", r"date\(\{month: null\}\)"),
        ("date.truncate('month', p.joined)", r"date\.truncate\(\) of null"),
        ("range(1, p.size / 100)", r"range\(\) to or from null"),
    ],
)
def test_a_null_that_neo4j_raises_an_error_for_stops_the_query(expression: str, words: str) -> None:
    with connect() as duck, pytest.raises((duckdb.Error, CypherError), match=words):
        duck.execute(
            compile_cypher(f"MATCH (p:Party) RETURN {expression} AS x", SCHEMA).sql
        ).fetchall()


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Party) RETURN DISTINCT 0.0 / (p.size - p.size) AS x",
        "MATCH (p:Party) RETURN 0.0 / (p.size - p.size) AS x, count(*) AS n",
        "MATCH (p:Party) RETURN count(DISTINCT 0.0 / (p.size - p.size)) AS x",
        "MATCH (p:Party) RETURN collect(DISTINCT 0.0 / (p.size - p.size)) AS x",
        "MATCH (p:Party) RETURN sum(DISTINCT 0.0 / (p.size - p.size)) AS x",
        "MATCH (p:Party) RETURN 0.0 / (p.size - p.size) AS x UNION RETURN 1.5 AS x",
    ],
)
def test_not_a_number_is_no_key(query: str) -> None:
    """Neo4j keeps each NaN apart where SQL finds them equal."""
    with connect() as duck, pytest.raises(duckdb.Error, match="NaN is not portable"):
        duck.execute(compile_cypher(query, SCHEMA).sql).fetchall()


@pytest.mark.parametrize(
    "rows",
    ["UNWIND [1, -0.0, 'a'] AS x", "MATCH (p:Party) UNWIND [p.size, p.rating * 0, 'a'] AS x"],
)
def test_a_negative_zero_has_no_place_among_values_of_several_types(rows: str) -> None:
    sql = compile_cypher(f"{rows} RETURN x ORDER BY x", SCHEMA, exploring=True).sql
    with connect() as duck, pytest.raises(duckdb.Error, match=r"-0\.0 in ORDER BY is not portable"):
        duck.execute(sql).fetchall()


def test_the_least_integer_has_no_opposite() -> None:
    sql = compile_cypher("RETURN -(-9223372036854775807 - 1) AS x", SCHEMA).sql
    with connect() as duck, pytest.raises(duckdb.Error, match="Overflow"):
        duck.execute(sql).fetchall()


@pytest.mark.parametrize(
    "comparison",
    [
        "1 = '1'",
        "'a' < 1",
        "true = 1",
        "date('2024-01-01') = '2024-01-01'",
        "1 IN ['a']",
        "[1] = ['a']",
        "true + 1",
        "'a' CONTAINS 1",
        "NOT 1",
        "1 AND true",
    ],
)
def test_operands_of_different_types_are_refused(comparison: str) -> None:
    assert isinstance(error_of(f"RETURN {comparison} AS x"), TypeMismatch | NotPortable)


@pytest.mark.parametrize(
    "condition",
    [
        "id(a) = id(r)",  # Neo4j numbers nodes and relationships apart: both may be 7
        "id(a) = elementId(b)",
        "id(a) = 7",
        "elementId(a) = '4:x:7'",
        "id(a) IN [1, 2]",
        "id(a) % 2 = 0",
        "elementId(a) + '' = ''",
        "elementId(a) STARTS WITH '4'",
        "toString(id(a)) = '7'",
        "id(a) >= id(b)",
    ],
)
def test_what_an_engine_numbers_by_itself_is_only_told_apart(condition: str) -> None:
    query = f"MATCH (a:Party)-[r:SUPPLIED]->(b) WHERE {condition} RETURN a.name AS a"
    for exploring in (False, True):
        with pytest.raises(CypherError, match="OF A NODE"):
            compile_cypher(query, SCHEMA, exploring=exploring)


@pytest.mark.parametrize("shown", ["id(a)", "collect(id(a))", "{a: [elementId(a)]}"])
def test_what_an_engine_numbers_by_itself_is_not_shown(shown: str) -> None:
    refused = error_of(f"MATCH (a:Party)\nRETURN 1 AS one, {shown} AS x")
    assert "in a result" in refused.message
    assert (refused.line, refused.column) == (2, 18)


def test_a_date_beside_a_text_asks_for_date() -> None:
    error = error_of("MATCH (p:Party) WHERE p.joined < '2024-01-01' RETURN p")
    assert error.message.endswith("Wrap the text in date().")


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("MATCH (p:Patner) RETURN p", "'Partner'"),
        ("MATCH (p:Party) WHERE p:Vendr RETURN p", "'Vendor'"),
        ("MATCH ()-[r:SUPLIED]->() RETURN r", "'SUPPLIED'"),
        ("MATCH (p:Party) RETURN p.nam AS x", "'name'"),
        ("MATCH (p:Party {nam: 'x'}) RETURN p", "'name'"),
        ("MATCH (party:Party) RETURN parti.id AS x", "'party'"),
        ("RETURN coalese(1, 2) AS x", "'coalesce'"),
        ("MATCH (p:Party) RETURN p.joined.yaer AS x", "'year'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(query: str, nearest: str) -> None:
    error = error_of(query)
    assert isinstance(error, UnknownName)
    assert nearest in error.message


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Party)",
        "RETURN 1 AS x RETURN 2 AS y",
        "MATCH (p:Party RETURN p",
        "RETURN 'abc",
        "RETURN 99999999999999999999 AS x",
        "RETURN 1 AS x, 2 AS x",
        "RETURN *",
        "WITH 1 RETURN 2 AS x",
        "RETURN date('2024-02-30') AS x",
        "MATCH (p:Party) RETURN p.id AS x ORDER BY x LIMIT -1",
        "MATCH (p:Party) RETURN p.id AS x ORDER BY x LIMIT 1.5",
        "RETURN 1 AS x UNION RETURN 2 AS y",
        "RETURN count(count(1)) AS x",
        "MATCH (p:Party) WHERE count(p) > 1 RETURN p",
        "",
    ],
)
def test_what_is_no_cypher_is_a_syntax_error(query: str) -> None:
    assert isinstance(error_of(query), CypherSyntaxError)


def test_an_error_prints_name_line_and_column() -> None:
    error = error_of("MATCH (p:Party)\nRETURN datetime() AS x")
    assert str(error) == (
        "rule.cypher:2:8: datetime() without an argument is not portable; "
        "pass the day: date($as_of)."
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("MATCH (p:Party) WHERE p.id != 'a' RETURN p", "its opposite <>"),
        ("MATCH (p:Party) WHERE p.id == 'a' RETURN p", "Equality is written ="),
        ("MATCH (p:Party) WHERE p.size > 1 && p.active RETURN p", "joined by AND"),
        ("MATCH (p:Party) WHERE p.id = 'a RETURN p", "no closing quote"),
        ("MATCH (a:Vendor) ((x)-->(y) WHERE x <> y){1,3} (b) RETURN a", "-[r:T]->(b)-[s:T]->"),
        ("MATCH (p:Party) RETURN - -p.size AS x", "into parentheses"),
        ("MATCH (a:Party)-[:SUPPLIED:SUPPLIED]->(b) RETURN a", "write A|B"),
        ("MATCH (p:Party) WHERE p:Vendor IS NULL RETURN p", "in parentheses"),
        ("MATCH (p:Party) WHERE p.rating = '1.5' RETURN p", "with toFloat()."),
        ("MATCH (p:Party) WHERE p.size = '1' RETURN p", "with toInteger() or toString()."),
    ],
)
def test_what_other_languages_write_is_reworded(query: str, words: str) -> None:
    assert words in error_of(query).message


def test_predicates_are_booleans() -> None:
    assert isinstance(error_of("MATCH (p:Party) WHERE p.size RETURN p"), TypeMismatch)


def test_old_names_are_gone_after_aggregation() -> None:
    query = "MATCH (p:Party) WITH p.country AS c, count(*) AS n WHERE p.size > 1 RETURN c, n"
    assert isinstance(error_of(query), UnknownName)


def test_old_names_are_gone_after_distinct() -> None:
    query = "MATCH (p:Party) RETURN DISTINCT p.country AS c ORDER BY p.name"
    assert isinstance(error_of(query), UnknownName)


def test_a_type_of_a_parameter_that_nothing_tells_is_asked_for() -> None:
    error = error_of("RETURN $x AS x")
    assert isinstance(error, UnknownName)
    assert "compare it with a property" in error.message


@pytest.mark.parametrize(
    ("query", "construct"),
    [
        ("MATCH (p:Party) CALL (p) { RETURN 1 AS x } RETURN x", "on Spark CALL"),
        ("MATCH (p:Party) RETURN COUNT { UNWIND [1] AS x RETURN x } AS n", "on Spark COUNT"),
        ("RETURN [1, 'a'] AS x", "on Spark a value that is"),
        ("RETURN CASE WHEN true THEN 1 ELSE 'a' END AS x", "on Spark CASE"),
        ("UNWIND [[1], [2]] AS l RETURN l ORDER BY l", "on Spark ORDER BY"),
        ("MATCH (p:Vendor)-[:SUPPLIED]->+(b) RETURN b.id AS b", "on Spark a path"),
        ("MATCH (p:Party) RETURN p SKIP 2000000000 LIMIT 200000000", "on Spark SKIP and LIMIT"),
    ],
)
def test_what_spark_does_not_do_is_refused_in_its_name(query: str, construct: str) -> None:
    with pytest.raises(NotPortable) as caught:
        compile_cypher(query, SCHEMA, "spark", exploring=True)
    assert caught.value.construct.startswith(construct)


def test_names_are_known_where_nothing_can_match() -> None:
    """No vendor is in a vendor; Neo4j looks for the name all the same."""
    error = error_of("MATCH (p:Vendor)-[:IN]->(:Vendor {id: zz.id}) RETURN p")
    assert "'zz' is unknown" in str(error)


@pytest.mark.parametrize(
    "query",
    [
        "WITH [1, 2] AS all RETURN size(`all`) AS n",
        "WITH 1 AS all WITH all WHERE all > 0 RETURN all * 2 AS n",
        "WITH 1 AS all, 2 AS b RETURN coalesce(all, b) AS n, abs(b + all) AS m, abs((all)) AS k",
        "MATCH (all:Party) RETURN count(DISTINCT all) AS n, count(all.id) AS m",
        "WITH 2 AS `nan`, 1 AS infinite RETURN 3 - `nan` AS n, infinite AS m",
        "WITH [1] AS any, 2 AS none, 1 AS exists RETURN size(any) + abs(none) + abs(exists) AS n",
    ],
)
def test_names_that_neo4j_takes_for_variables_are_accepted(query: str) -> None:
    assert compile_cypher(query, SCHEMA).sql


def test_a_dialect_that_is_none_is_told_of() -> None:
    with pytest.raises(ValueError, match="'mysql' is no SQL dialect"):
        compile_cypher("RETURN 1 AS x", SCHEMA, "mysql")  # type: ignore[arg-type]  # the point


def test_a_query_that_nests_deeper_than_python_goes_is_refused() -> None:
    tree = parse("RETURN " + "[" * 12 + "1" + "]" * 12 + " AS x")
    compile_cypher(tree, SCHEMA)
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 40)
    try:
        with pytest.raises(NotPortable, match="nested too deeply"):
            compile_cypher(tree, SCHEMA)
    finally:
        sys.setrecursionlimit(usual)


KINDS = GraphSchema(
    (
        NodeTable(
            "n",
            "n",
            "id",
            {"id": Property("id", Kind.STRING, nullable=False)},
            {
                "N": None,
                "Red": Filter("colour", ("red",)),
                "Blue": Filter("colour", ("blue", "navy")),
                "Dark": Filter("colour", ("navy", "black")),
                "Pale": Filter("colour", ("navy", "black"), negated=True),
                "Old": Filter("age", ("old",)),
            },
        ),
    ),
    (EdgeTable("E", "e", "id", Endpoint("source", "n"), Endpoint("target", "n"), {}),),
)


@pytest.mark.parametrize(
    ("start", "end", "apart"),
    [
        ("Red", "Blue", True),
        ("Blue", "Red", True),
        ("Blue", "Dark", False),  # a navy node is both
        ("Red", "Red", False),
        ("Red", "Old", False),
        ("Red", "N", False),
        ("Red", "Pale", False),
        ("Pale", "Dark", False),  # no node is both, but that is not looked into
    ],
)
def test_labels_that_exclude_each_other_keep_the_ends_of_a_path_apart(
    start: str, end: str, *, apart: bool
) -> None:
    query = f"MATCH p = allShortestPaths((a:{start})-[:E*]->(b:{end})) RETURN length(p) AS n"
    if apart:
        assert compile_cypher(query, KINDS).sql
    else:
        with pytest.raises(NotPortable, match="whose ends may be one node"):
            compile_cypher(query, KINDS)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(:Partner)-[:SUPPLIED]->(:Product)", True),
        ("(:City)<-[:SUPPLIED]-(:Partner)", True),
        ("(:Partner)-[:SUPPLIED]->(:EndUser)", False),
        ("(:Partner)-[:SUPPLIED|HAS_BRANCH]->(:City)", False),
    ],
)
def test_a_pattern_that_the_schema_rules_out_is_told_of(pattern: str, *, told: bool) -> None:
    asked = compile_cypher(f"MATCH {pattern} RETURN count(*) AS n", CHANNEL, exploring=True)
    sentence = "A pattern that the schema rules out: it finds nothing; look at its types."
    assert asked.notes == ((sentence,) if told else ())
