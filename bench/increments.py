"""`python -m bench.increments [--lines N]`: what a scan costs after a small load.

A channel is loaded and scanned; then nothing changes, or 10,000 lines come: drawn from all, of one
day, or of few distributors. Seconds of CPU of this process, and their share of a scan from scratch.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from graphchannel import Channel
from graphchannel.channel.judging import scan_channel
from graphchannel.channel.keeping import keep_run
from graphchannel.demo.generate import generate
from graphchannel.runs.record import result_hash

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult

AS_OF = date(2015, 12, 31)
NEW = 10_000
KINDS = {
    "nothing": None,
    "drawn from all lines": "true ORDER BY hash(id)",
    "of the last days": "true ORDER BY shipped_on DESC, id",
    "of few distributors": "seller_role = 'distributor' ORDER BY hash(seller_id), id",
}


def main() -> None:
    """Measure once for a number of lines."""
    parser = argparse.ArgumentParser(prog="python -m bench.increments", description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--partners", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as name:
        folder = Path(name)
        generate(folder / "data", options.partners, options.lines, 1, "csv")
        with Channel.open(folder / "first.duckdb") as channel:
            channel.load(folder / "data")
        size = (folder / "first.duckdb").stat().st_size
        _scanned(folder / "first.duckdb")
        more = (folder / "first.duckdb").stat().st_size / size - 1
        print(f"  {options.lines:,} lines; a first scan adds {more:.1%} to the workspace")
        for kind, which in KINDS.items():
            measure(folder, kind, which)


def measure(folder: Path, kind: str, which: str | None) -> None:
    """Print what one kind of load and the scan after it cost."""
    path = folder / "channel.duckdb"
    shutil.copy(folder / "first.duckdb", path)
    loaded = 0.0
    if which is not None:
        _write(path, folder / "shipments.csv", which)
        began = time.process_time()
        with Channel.open(path) as channel:
            channel.load(folder / "shipments.csv")
        loaded = time.process_time() - began
    again, carried, found = _scanned(path)
    scratch, _, wanted = _scanned(path, from_scratch=True)
    if found != wanted:
        raise SystemExit(f"{kind}: the findings are others than from scratch")
    print(
        f"  {kind}: load {loaded:.2f} s, scan {again:.2f} s, from scratch {scratch:.2f} s: "
        f"{again / scratch:.0%}, {(again + loaded) / scratch:.0%} with the load; {carried}"
    )


def _scanned(path: Path, *, from_scratch: bool = False) -> tuple[float, str, str]:
    """Scan, and keep the run; return seconds, what was carried over, and a hash of the findings."""
    began = time.process_time()
    with Channel.open(path) as channel:
        opening = channel._opening  # noqa: SLF001 - for a scan of its own
        with scan_channel(opening, as_of=AS_OF, from_scratch=from_scratch) as result:
            found = _hash(keep_run(opening, result))
            how = list(result.carried.values())
    near = how.count("changed lines")
    said = f"{len(how) - near} of {len(result.rules)} rules carried over, {near} near changed lines"
    return time.process_time() - began, said, found


def _hash(result: ScanResult) -> str:
    with result.session.reading() as connection:
        return result_hash(connection, result)


def _write(path: Path, file: Path, which: str) -> None:
    """Write lines like some that are there, under other ids."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute(
            f"""COPY (SELECT 'new-' || id AS id, shipped_on, seller_id, buyer_id, product_id,
                quantity + 1 AS quantity, amount, currency, ship_to_city_id, id AS document
                FROM main.shipments WHERE {which} LIMIT {NEW}) TO '{file}' (HEADER)"""
        )


if __name__ == "__main__":
    main()
