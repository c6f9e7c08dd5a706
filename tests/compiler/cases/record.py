"""Ask a running Neo4j for answers: `python -m tests.compiler.cases.record FILE URI USER … 5.26`.

Runs the cases of a file (query, parameters) on the graph of `graph.py`. One that has no answer yet
gets its rows or its error; of one that has, the release is named in `releases` where it gives the
same. The queries to which it answers otherwise are printed.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tests.compiler.cases.graph import case_graph
from tests.compiler.cases.spelling import row_texts, sorted_items
from tests.neo4j.native import Native

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> int:
    """Write what the server at the address answers into the file; 1 where it is something else."""
    file, uri, user, password, release = sys.argv[1:6]
    cases = Path(file)
    held = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    graph, _ = case_graph()
    with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver:
        speaks = Native(driver, release)
        for case in held:
            if speaks.transaction is None:  # an error has closed it
                speaks.load(graph)
            noted(case, answered(speaks, case), release)
        speaks.close()
    lines = [json.dumps(case, ensure_ascii=True) for case in held]
    cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    others = [case["query"] for case in held if release not in case["releases"]]
    sys.stdout.writelines(f"{release} answers otherwise: {query}\n" for query in others)
    return int(bool(others))


def noted(case: dict[str, Any], answer: Mapping[str, object], release: str) -> None:
    """Note in a case what a release answers: the first its rows, each later one that it agrees."""
    named = {name for name in case.get("releases", ()) if name != release}
    if not named:
        for key in ("columns", "rows", "error"):
            case.pop(key, None)
        case |= answer
    if comparable(case) == comparable(answer):
        named.add(release)
    case["releases"] = sorted(named)


def comparable(case: Mapping[str, Any]) -> object:
    """Return an answer without the order of its rows and lists; errors are alike."""
    if "error" in case:
        return "error"
    return case["columns"], sorted([sorted_items(text) for text in row] for row in case["rows"])


def answered(speaks: Native, case: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns and rows, or the error, of one case."""
    try:
        answer = speaks.answer(case["query"], case["params"])
    except (Neo4jError, DriverError, ValueError) as error:
        _forget(speaks)
        return {"error": str(getattr(error, "message", error) or error).splitlines()[0][:200]}
    return {"columns": list(answer.columns), "rows": row_texts(answer.rows)}


def _forget(speaks: Native) -> None:
    """Open a new session: what an error left of the old one cannot be told."""
    with contextlib.suppress(Neo4jError, DriverError, ValueError):
        speaks.session.close()
    speaks.transaction = None
    speaks.session = speaks.driver.session()


if __name__ == "__main__":
    sys.exit(main())
