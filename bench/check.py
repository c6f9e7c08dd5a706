"""`python -m bench.check [FILE [COMMITTED]]`: whether a ratio got worse by more than a quarter."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COMMITTED = Path(__file__).with_name("committed.json")
_MOST = 1.25


def verdicts(measured: dict[str, Any], committed: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return what was compared and what is wrong, a sentence each.

    Ratios are compared for the numbers of lines that both have; a ratio that is gone is wrong, and
    so is an answer that differs.
    """
    told: list[str] = []
    wrong: list[str] = []
    now = {one["lines"]: one for one in measured["sizes"]}
    for known in committed["sizes"]:
        if (new := now.get(known["lines"])) is None:
            continue
        of = f"{known['lines']:,} lines"
        wrong += [f"{of}: {different}" for different in new["different"]]
        for name, before in known["ratios"].items():
            ratio = new["ratios"].get(name)
            if ratio is None:
                wrong.append(f"{of}, {name}: was {before:.2f}, and was not measured.")
                continue
            told.append(f"{of}, {name}: {ratio:.2f}, was {before:.2f}.")
            if ratio > before * _MOST:
                wrong.append(
                    f"{of}, {name}: {ratio:.2f} is {ratio / before - 1:.0%} above {before:.2f}."
                )
    if not told:
        wrong.append("Nothing was compared: no number of lines is in both files.")
    return told, wrong


def main(file: str = "bench.json", committed: str = str(COMMITTED)) -> int:
    """Print what was compared; return 1 if something is wrong."""
    told, wrong = verdicts(*(json.loads(Path(one).read_text("utf-8")) for one in (file, committed)))
    print("\n".join(told))
    for sentence in wrong:
        print(f"WORSE {sentence}", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
