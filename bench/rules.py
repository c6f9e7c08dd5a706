"""Compiled rules against hand-written SQL for the same rows, on the same workspace."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import duckdb

from graphchannel import compiler, resources
from graphchannel.policy import load_policy
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from pathlib import Path

RULES = {
    "supply/vap-supplies-tier-two": """
        SELECT seller_id AS subject, buyer_id AS object, id AS shipment FROM shipments
        WHERE seller_role = 'vap' AND buyer_role IN ('platinum', 'gold', 'silver', 'recognized')""",
    "supply/recognized-supplies-uncertified-end-user": """
        SELECT seller_id AS subject, buyer_id AS object, id AS shipment FROM shipments s
        WHERE seller_role = 'recognized' AND buyer_role = 'end_user' AND NOT EXISTS (
          FROM certifications c WHERE c.holder_id = s.buyer_id AND c.role = 'certified_end_user'
            AND s.shipped_on BETWEEN c.valid_from AND c.valid_to)""",
    "territory/distributor-outside-country": """
        SELECT seller_id AS subject, buyer_id AS object, id AS shipment FROM shipments s
        WHERE seller_role = 'distributor' AND destination_id IS NOT NULL
          AND buyer_role IN ('platinum', 'gold', 'silver', 'recognized')
          AND seller_id IN (SELECT partner_id FROM authorizations WHERE region_id IS NOT NULL)
          AND NOT EXISTS (
            FROM authorizations a JOIN derived.city_within w ON w.region_id = a.region_id
            WHERE a.partner_id = s.seller_id AND w.city_id = s.destination_id
              AND s.shipped_on BETWEEN a.valid_from AND a.valid_to)""",
}


def compare_rules(workspace: Path, as_of: str, repeat: int = 5) -> None:
    """Print, for each rule, the time of its compiled text relative to hand-written SQL."""
    policy = load_policy(resources.pack())
    with duckdb.connect(str(workspace), read_only=True) as connection:
        for rule, by_hand in RULES.items():
            text = (resources.pack() / f"{rule}.cypher").read_text("utf-8")
            compiled = compiler.compile(text, CHANNEL, name=rule)
            values: dict[str, object] = {
                name: policy.parameters[name].value
                for name in compiled.parameters
                if name != "as_of"
            }
            values |= {"as_of": as_of} if "as_of" in compiled.parameters else {}
            ours, theirs = [], []
            for _ in range(repeat):
                ours.append(_time(connection, compiled.sql, values))
                theirs.append(_time(connection, by_hand, {}))
            rows, seconds = min(ours)
            expected, base = min(theirs)
            verdict = "same rows" if rows == expected else f"DIFFERENT: by hand {expected:,}"
            ratio = f"{seconds / base:5.2f}x (goal 1.2x)"
            print(f"  {rule:<50}{ratio}  {rows:,} rows, {verdict}")


def _time(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, object]
) -> tuple[int, float]:
    """Write the query's rows to a temporary table; return their number and the seconds."""
    begin = time.perf_counter()
    connection.execute(f"CREATE OR REPLACE TEMP TABLE offence AS {query}", values)
    seconds = time.perf_counter() - begin
    return connection.execute("SELECT count(*) FROM offence").fetchall()[0][0], seconds
