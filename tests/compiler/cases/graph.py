"""The graph that the adversarial cases run on: small, rich in nulls, loops and odd values.

Node tables share no labels but relationship types lie over several tables; ids are texts, and those
of relationships of different types may be equal.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphchannel.schema.model import EdgeTable, Endpoint, Filter, GraphSchema, Kind, NodeTable
from graphchannel.schema.model import Property as Held
from tests.compiler.agree.sql import Layout, SqlTable
from tests.compiler.reference.graph import Graph, Node, Relationship

if TYPE_CHECKING:
    from tests.compiler.reference.graph import Value

S, N, F, B, D = Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN, Kind.DATE
SQL = {S: "VARCHAR", N: "BIGINT", F: "DOUBLE", B: "BOOLEAN", D: "DATE"}

KINDS: dict[str, Kind] = {
    "n": N,
    "m": N,
    "f": F,
    "g": F,
    "s": S,
    "t": S,
    "d": D,
    "e": D,
    "b": B,
    "c": B,
}
LISTS: dict[str, Kind] = {"ls": S, "li": N}


def _held(**kinds: Kind) -> dict[str, Held]:
    return {"id": Held("id", S, nullable=False), **{k: Held(k, v) for k, v in kinds.items()}}


A = NodeTable(
    "a",
    "n_a",
    "id",
    _held(**KINDS) | {name: Held(name, kind, list_of=True) for name, kind in LISTS.items()},
    {"A": None, "A1": Filter("kind", ("one", "both")), "A2": Filter("kind", ("two", "both"))},
)
OTHERS = tuple(
    NodeTable(name, f"n_{name}", "id", _held(n=N), {name.upper(): None}) for name in ("b", "c")
)
ENDS = (
    ("R", "a", "a"),
    ("S", "a", "a"),
    ("S", "b", "a"),
    ("S", "a", "b"),
    ("T", "a", "b"),
    ("T", "c", "a"),
    ("U", "a", "a"),
    ("V", "c", "a"),
    ("V", "a", "c"),
)
SCHEMA = GraphSchema(
    (A, *OTHERS),
    tuple(
        EdgeTable(
            type_,
            f"e_{type_}_{source}_{target}".lower(),
            "id",
            Endpoint("source", source),
            Endpoint("target", target),
            _held(w=N),
        )
        for type_, source, target in ENDS
    ),
)

_NULL = None
_ODD: dict[str, tuple[Value, ...]] = {
    "n": (0, 1, None, 2, -1, 3, 0, None, 4, -2, 1),
    "m": (2**53, 2**53 + 1, None, -(2**53) - 1, 2**63 - 1, -(2**63), 5, 2**62),
    "f": (0.5, -0.4, None, 0.0, -0.0, 2.5, -3.0, 3.0, None, 1.5, -0.5, 1e-7, 123456.75),
    "g": (1e300, None, -1e300, 1e20, 0.25, -2.5),
    "s": ("A", "", None, "00", ".5", "5.", "b", " 7 ", "12", "-3"),
    "t": ("\ufb01", "\U0001f600", None, "é", "a", "bb", "0x1F", "1e3", "\u0663", "+5"),
    "d": tuple(
        dt.date.fromisoformat(text) if text else None
        for text in ("2024-01-31", "", "9999-12-31", "1900-02-28", "0001-01-01", "2021-01-03")
    ),
    "e": tuple(
        dt.date.fromisoformat(text) if text else None
        for text in ("2024-02-29", "2023-12-31", "", "9999-12-31", "2024-05-17")
    ),
    "b": (True, None, False, True),
    "c": (None, False, True),
    "ls": (["a", "b"], None, [], ["\ufb01"], ["\U0001f600", "a"]),
    "li": ([1, 2, 3], [], None, [0, -3]),
}
_SIZES = {"a": 12, "b": 4, "c": 3}
_LABELS = {"one": ("A", "A1"), "two": ("A", "A2"), "both": ("A", "A1", "A2"), "none": ("A",)}


def _nodes() -> dict[str, list[dict[str, Value]]]:
    found: dict[str, list[dict[str, Value]]] = {}
    for name, size in _SIZES.items():
        rows: list[dict[str, Value]] = []
        for i in range(size):
            row: dict[str, Value] = {"id": f"{name}{i}"}
            if name == "a":
                row["kind"] = ("one", "two", "none", "both", "one")[i % 5]
                for place, (key, values) in enumerate(_ODD.items()):
                    row[key] = values[(i * (1 + place % 3) + place) % len(values)]
            else:
                row["n"] = _ODD["n"][(i * 3 + 1) % 11]
            rows.append(row)
        found[name] = rows
    return found


def _edges() -> dict[str, list[dict[str, Value]]]:
    """Return rows by relation: parallel edges, loops, and ids that two types share."""
    found: dict[str, list[dict[str, Value]]] = {}
    numbers: dict[str, int] = {}
    for table in SCHEMA.edges:
        rows: list[dict[str, Value]] = []
        sources, targets = _SIZES[table.source.node], _SIZES[table.target.node]
        for i in range(20 if table.type == "R" else 8):
            number = numbers.get(table.type, 0)
            numbers[table.type] = number + 1
            source = (i * 5) % sources
            target = source if i % 6 == 3 else (i * 7 + i // 3 + len(rows) % 2 + 1) % targets
            rows.append(
                {
                    "id": f"{'r' if table.type in 'RU' else table.type.lower()}{number}",
                    "source": f"{table.source.node}{source}",
                    "target": f"{table.target.node}{target % targets}",
                    "w": (1, None, 2)[i % 3],
                }
            )
        if table.type == "R":  # a parallel pair, and a loop twice
            for source, target in ((0, 1), (0, 1), (10, 10), (10, 10)):
                number = numbers["R"]
                numbers["R"] = number + 1
                rows.append(
                    {"id": f"r{number}", "source": f"a{source}", "target": f"a{target}", "w": 1}
                )
        found[table.relation] = rows
    return found


def _plain(row: dict[str, Value]) -> dict[str, Value]:
    hidden = ("kind", "source", "target")
    return {k: v for k, v in row.items() if v is not None and k not in hidden}


def case_graph() -> tuple[Graph, Layout]:
    """Return the graph as values and as tables; the same at every call."""
    nodes, edges = _nodes(), _edges()
    numbers: dict[str, int] = {}
    made: list[Node] = []
    tables: list[SqlTable] = []
    for table in SCHEMA.nodes:
        for row in nodes[table.name]:
            numbers[str(row["id"])] = len(made)
            labels = _LABELS[str(row["kind"])] if table.name == "a" else (table.name.upper(),)
            made.append(Node(len(made), frozenset(labels), _plain(row)))
        columns = {"id": "VARCHAR", **({"kind": "VARCHAR"} if table.name == "a" else {})}
        columns |= {
            p.column: SQL[p.kind] + ("[]" if p.list_of else "") for p in table.properties.values()
        }
        tables.append(_table(table.relation, columns, nodes[table.name]))
    joined: list[Relationship] = []
    columns = {"id": "VARCHAR", "source": "VARCHAR", "target": "VARCHAR", "w": "BIGINT"}
    for edge in SCHEMA.edges:
        for row in edges[edge.relation]:
            ends = numbers[str(row["source"])], numbers[str(row["target"])]
            joined.append(Relationship(len(joined), edge.type, *ends, _plain(row)))
        tables.append(_table(edge.relation, columns, edges[edge.relation]))
    return Graph(tuple(made), tuple(joined)), Layout(SCHEMA, tuple(tables))


def _table(name: str, columns: dict[str, str], rows: list[dict[str, Value]]) -> SqlTable:
    values = tuple(tuple(row.get(column) for column in columns) for row in rows)
    return SqlTable(name, tuple(columns.items()), values)
