"""`python -m bench.paths [--lines N …]`: how the rules over supply paths grow with the lines.

*Rules* is a scan by all rules of the family `paths`. *Everything* follows all goods from the vendor
to the end users, which is more than any rule asks for: every line is reached. Both are whole
processes: seconds of wall time, of all threads together, and peak memory.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from bench.process import Run, graphchannel, python
from graphchannel import compiler, resources
from graphchannel.analysis.contract import Projection
from graphchannel.analysis.goods import hops, onward
from graphchannel.engines.parameters import parameter_types
from graphchannel.policy import VENDOR, load_policy
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    import pyarrow as pa

AS_OF = "2015-12-31"  # after the last generated line


def main() -> None:
    """Print a row for each number of lines; or, with --follow, measure in this process."""
    parser = argparse.ArgumentParser(prog="python -m bench.paths", description=__doc__)
    sizes = [500_000, 1_000_000, 2_000_000, 4_000_000]
    parser.add_argument("--lines", type=int, nargs="+", default=sizes)
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--follow", type=Path, metavar="WORKSPACE", help="follow everything there")
    options = parser.parse_args()
    if options.follow:
        print(follow_everything(options.follow))
        return
    print(f"{'lines':>10} {'rules':>27} {'everything':>27}  witnesses by hops")
    for lines in options.lines:
        with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as folder:
            print(measure(Path(folder), lines, options.partners), flush=True)


def measure(folder: Path, lines: int, partners: int) -> str:
    """Generate and load lines; return the row of figures."""
    data, workspace = str(folder / "data"), str(folder / "channel.duckdb")
    size = ["--partners", str(partners), "--lines", str(lines)]
    graphchannel("generate", data, *size, "--seed", "1", "--format", "parquet")
    graphchannel("load", data, "--workspace", workspace)
    given = ["--workspace", workspace, "--as-of", AS_OF, "--format", "json"]
    rules = graphchannel("scan", *given, "--rule", "paths/*")
    everything = python("-m", "bench.paths", "--follow", workspace)
    return f"{lines:>10,} {_figures(rules)} {_figures(everything)}  {everything.output.strip()}"


def _figures(run: Run) -> str:
    return f"{run.seconds:>6.1f} s {run.cpu:>6.1f} s {run.mebibytes:>6.0f} MiB"


def follow_everything(workspace: Path) -> str:
    """Follow the goods of all lines; return how many paths there are by number of hops."""
    policy = load_policy(resources.pack())
    rule = load_catalogue(resources.pack()).rule("paths/diverted")
    sql = compiler.compile(rule.text, CHANNEL, parameters=parameter_types(policy)).sql
    given = {name: policy.parameters[name].value for name in ("window_days", "opening_stock")}
    from_vendor = f"seller_role = '{VENDOR}'"
    with duckdb.connect(str(workspace), read_only=True) as connection:
        connection.execute(f"CREATE TEMP TABLE lines AS {sql}", {"as_of": AS_OF})
        projection = Projection(connection, "lines", given, policy)
        stay = hops.stay_of(projection)

        def work(lines: str) -> pa.Table:
            hops.make_hops(connection, lines, stay)
            onward.follow(connection, from_vendor, stay)
            onward.shortest_paths(connection, from_vendor)
            return projection.table(f"SELECT len(shipments) AS hops FROM {onward.PATH}")

        by_hop = Counter(hops.by_product(projection, work)["hops"].to_pylist())
    return str([lines for _, lines in sorted(by_hop.items())])


if __name__ == "__main__":
    main()
