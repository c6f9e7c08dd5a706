"""`python -m bench.history [--lines N]`: what runs and their comparison cost, beside a scan.

Two monthly loads and scans of one channel: seconds of CPU of this process, and their ratios.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from graphchannel import Channel
from graphchannel.channel.judging import scan_channel
from graphchannel.demo.generate import generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

MONTHS = (date(2015, 11, 30), date(2015, 12, 31))


def main() -> None:
    """Measure once for a number of lines."""
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--year", action="store_true", help="leave a run for each month of 2015")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as folder:
        measure(Path(folder), options.partners, options.lines, year=options.year)


def measure(folder: Path, partners: int, lines: int, *, year: bool) -> None:
    """Print what history costs for one number of lines."""
    generate(folder / "data", partners, lines, 1, "csv")
    _split(folder / "data")
    path = folder / "channel.duckdb"
    scans, keeps = [], []
    for month, day in enumerate(MONTHS):
        with Channel.open(path) as channel:
            channel.load(*([folder / "data"] if month == 0 else sorted(folder.glob("*.csv"))))
        for earlier in range(1, 11 if year and month == 0 else 1):
            with Channel.open(path) as channel:
                channel.scan(as_of=date(2015, earlier + 1, 1) - timedelta(1))
        with Channel.open(path) as channel, scan_channel(channel._opening, as_of=day):  # noqa: SLF001 - to be warm
            pass
        with Channel.open(path) as channel:
            with _clock() as scan, scan_channel(channel._opening, as_of=day) as result:  # noqa: SLF001 - it alone
                found = result.count()
            del result
        began = time.process_time()
        with Channel.open(path) as channel:
            channel.scan(as_of=day, from_scratch=True)
        scans.append(scan.seconds)
        keeps.append(time.process_time() - began - scan.seconds)
        print(
            f"  as of {day}: scan {scan.seconds:.2f} s, {found:,} findings, run {keeps[-1]:.2f} s"
        )
    with Channel.open(path) as channel:
        with _clock() as diff:
            began = time.perf_counter()
            changed = channel.diff()
            waited = time.perf_counter() - began
        print(
            f"  diff {diff.seconds:.2f} s, waited {waited:.0f} s (goal 30 s), "
            f"{len(changed.findings):,} findings changed: {diff.seconds / scans[1]:.1f} scans"
        )
        with _clock() as verify:
            same = channel.verify_run("1").same
        print(f"  verify {verify.seconds:.2f} s, same: {same}")
    share = keeps[1] / scans[1]
    print(f"  a run beside its scan: first {keeps[0] / scans[0]:.0%}, next {share:.0%} (goal 20 %)")
    _size(folder, path)


class _Clock:
    seconds = 0.0


def _clock() -> AbstractContextManager[_Clock]:
    from contextlib import contextmanager  # noqa: PLC0415 - here alone

    @contextmanager
    def running() -> Iterator[_Clock]:
        clock, began = _Clock(), time.process_time()
        yield clock
        clock.seconds = time.process_time() - began

    return running()


def _split(data: Path) -> None:
    """Put the lines of the second month into a file of their own."""
    whole, first = data / "shipments.csv", data.parent / "first.csv"
    for target, condition in ((first, "<="), (data.parent / "shipments-12.csv", ">")):
        duckdb.execute(
            f"COPY (FROM read_csv('{whole}', all_varchar=true)"
            f" WHERE shipped_on::DATE {condition} DATE '{MONTHS[0]}') TO '{target}' (HEADER)"
        )
    first.replace(whole)
    _changed(whole, data.parent / "shipments-corrected.csv", _CORRECTED)
    _changed(data / "certifications.csv", data.parent / "certifications.csv", _ENDED)


# A line in two thousand is corrected; of a holder in three hundred certificates turn out to have
# ended in summer.
_CORRECTED = (
    "* REPLACE ((quantity::BIGINT + 1)::VARCHAR AS quantity)",
    "hash(id) % 2000 = 0",
)
_ENDED = (
    "* REPLACE ('2015-06-30' AS valid_to)",
    "hash(holder_id) % 300 = 0 AND role <> 'certified_end_user' AND valid_from < '2015-06-30'",
)


def _changed(source: Path, target: Path, change: tuple[str, str]) -> None:
    """Write some rows of a file with another value."""
    columns, condition = change
    duckdb.execute(
        f"COPY (SELECT {columns} FROM read_csv('{source}', all_varchar=true) WHERE {condition})"
        f" TO '{target}' (HEADER)"
    )


def _size(folder: Path, path: Path) -> None:
    """Print by how much a year of monthly runs lets the workspace grow, in rows of runs alone."""
    copy = folder / "copy.duckdb"
    shutil.copy(path, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("DELETE FROM admin.runs; DELETE FROM admin.run_findings")
        connection.execute("DELETE FROM admin.texts; CHECKPOINT")
        connection.execute(f"ATTACH '{folder / 'without.duckdb'}' AS without")
        connection.execute("COPY FROM DATABASE copy TO without")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"ATTACH '{folder / 'with.duckdb'}' AS \"with\"")
        connection.execute('COPY FROM DATABASE channel TO "with"')
    sizes = [(folder / f"{name}.duckdb").stat().st_size for name in ("without", "with")]
    with duckdb.connect(str(path), read_only=True) as connection:
        runs = connection.execute("SELECT count(*) FROM admin.runs").fetchall()[0][0]
    more = sizes[1] / sizes[0] - 1
    print(f"  {sizes[0] / 2**20:.1f} MiB without runs, {runs} runs add {more:.1%} (12: goal 5 %)")


if __name__ == "__main__":
    main()
