"""Ask a running Neo4j for answers: `python -m tests.compiler.cases.record FILE URI USER … 5.26`.

Reads a file of cases (query, parameters, what differed once), runs those of the release on the
graph of `graph.py`, and writes their rows or errors back.
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
from tests.compiler.cases.spelling import row_texts
from tests.neo4j.native import Native

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> int:
    """Write the answers of the server at the address into the file of cases."""
    file, uri, user, password, release = sys.argv[1:6]
    cases = Path(file)
    lines = cases.read_text(encoding="utf-8").splitlines()
    graph, _ = case_graph()
    with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver:
        speaks = Native(driver, release)
        written = []
        for line in lines:
            case = json.loads(line)
            if case.get("release") == release:
                if speaks.transaction is None:  # an error has closed it
                    speaks.load(graph)
                case |= answered(speaks, case)
            written.append(json.dumps(case, ensure_ascii=True))
        speaks.close()
    cases.write_text("\n".join(written) + "\n", encoding="utf-8")
    return 0


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
