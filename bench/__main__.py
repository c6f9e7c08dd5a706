"""`python -m bench [--size 2M …]`: load and scan against what an analyst would write.

Every figure is a ratio of whole processes of one run on one machine; machines are shared and noisy,
so single seconds say little. Answers are compared before times are.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.measuring import machine, measure
from bench.rules import compare_rules
from graphchannel.files import write_whole

_FACTORS = {"k": 1_000, "M": 1_000_000}


def main() -> None:
    """Measure for each number of lines, print the tables and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=size, nargs="+", default=[2_000_000], help="such as 2M")
    parser.add_argument("--repeat", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    sizes: list[dict[str, Any]] = []
    for lines in sorted(options.size):
        with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as name:
            folder = Path(name)
            sizes.append(measure(folder, lines, options.repeat))
            print("\n".join(table(sizes[-1])), flush=True)
            as_of = json.loads((folder / "data" / "truth.json").read_text("utf-8"))["as_of"]
            compare_rules(folder / "channel.duckdb", as_of)
    figures = {"machine": machine(), "repeat": options.repeat, "sizes": sizes}
    write_whole(options.output, json.dumps(figures, indent=2) + "\n")
    print(f"\nWritten to {options.output}.")
    sys.exit(any(measured["different"] for measured in sizes))


def size(text: str) -> int:
    """Return a number of lines.

    >>> size("2M"), size("200k"), size("1500")
    (2000000, 200000, 1500)
    """
    factor = _FACTORS.get(text[-1:], 1)
    return int(float(text.rstrip("kM")) * factor)


def table(measured: dict[str, Any]) -> list[str]:
    """Return the lines of the table of one number of lines."""
    head = f"{measured['lines']:,} lines, {measured['partners']:,} partners"
    rows = [
        f"  {name:<28}{run['seconds']:9.2f} s {run['cpu']:9.2f} s CPU {run['mebibytes']:8,.0f} MiB"
        for name, run in measured["runs"].items()
    ]
    ratios = [f"  {name:<40}{ratio:8.2f}x" for name, ratio in measured["ratios"].items()]
    notes = [f"  DIFFERENT {told}" for told in measured["different"]]
    notes += [
        f"  {peer} is not installed: pip install --group bench" for peer in measured["absent"]
    ]
    compared = f"  {measured['rules_compared']} rules compared with those by hand"
    return ["", head, *rows, *ratios, compared, *notes]


if __name__ == "__main__":
    main()
