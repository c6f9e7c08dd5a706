"""Run handwritten.sql on a dataset: what one would write for these findings without graphchannel.

`python -m bench.handwritten FOLDER SUFFIX AS_OF` prints, as JSON, the number of findings and of
lines of each rule. Findings are grouped as a scan groups them, with totals and five lines shown.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_name("handwritten.sql")

_GROUPED = """
    CREATE TEMP TABLE found AS
    WITH offence(subject, object, shipment) AS ({query}),
    lines AS (
        SELECT o.subject, o.object, s.*,
               row_number() OVER (
                   PARTITION BY o.subject, o.object ORDER BY s.shipped_on, s.id) AS place
        FROM offence o LEFT JOIN shipments s ON s.id = o.shipment),
    amounts AS (
        SELECT subject, object, currency, sum(amount) AS amount FROM lines GROUP BY ALL),
    findings AS (
        SELECT subject, object, count(id) AS lines, sum(quantity) AS quantity,
               min(shipped_on) AS first, max(shipped_on) AS last,
               list(id) FILTER (WHERE place <= 5) AS evidence
        FROM lines GROUP BY subject, object)
    SELECT f.*, (SELECT map(list(coalesce(currency, '')), list(amount)) FROM amounts a
                 WHERE a.subject = f.subject AND a.object IS NOT DISTINCT FROM f.object) AS amount
    FROM findings f"""


def rules() -> dict[str, str]:
    """Return the hand-written query of each rule, by rule id."""
    _, *sections = SCRIPT.read_text("utf-8").split("-- rule: ")
    split = (section.split("\n", 1) for section in sections)
    return {name.strip(): query.strip().rstrip(";") for name, query in split}


def steps() -> dict[str, str]:
    """Return the statements before the rules, by step."""
    head = SCRIPT.read_text("utf-8").split("-- step: rules")[0]
    _, *sections = head.split("-- step: ")
    split = (section.split("\n", 1) for section in sections)
    return {name.strip(): statements for name, statements in split}


def run(folder: Path, suffix: str, as_of: str) -> dict[str, tuple[int, int]]:
    """Load, derive and scan; return (findings, lines) for each rule."""
    values = {"folder": folder.as_posix(), "suffix": suffix, "as_of": as_of}
    found: dict[str, tuple[int, int]] = {}
    with duckdb.connect() as connection:
        for statements in steps().values():
            connection.execute(statements.format(**values))
        for rule, query in rules().items():
            connection.execute(_GROUPED.format(query=query.format(**values)))
            row = connection.execute("SELECT count(*), coalesce(sum(lines), 0) FROM found")
            found[rule] = row.fetchall()[0]
            connection.execute("DROP TABLE found")
    return found


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
