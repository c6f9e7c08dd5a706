"""Run random cases and print how they end: `python -m tests.compiler.agree [COUNT] [FIRST]`."""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from tests.compiler.agree.batches import run_some
from tests.compiler.agree.cases import Outcome, Status, generate_case

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 50


def main() -> int:
    """Run the cases on two cores; exit 1 when one disagrees."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seeds = range(first, first + count)
    chunks = [seeds[i : i + AT_ONCE] for i in range(0, count, AT_ONCE)]
    # Forking a process in which DuckDB has threads can hang.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        results = [result for chunk in pool.map(run_some, chunks) for result in chunk]
    for seed, _, outcome in results:
        if outcome.status is Status.DISAGREES:
            case = generate_case(seed)
            write(f"seed {seed}: {outcome.detail}")
            write(
                "    "
                + case.query_text.replace("\n", "\n    ")
                + f"\n    {dict(case.parameters)}\n"
            )
    print_coverage(results)
    return int(any(outcome.status is Status.DISAGREES for _, _, outcome in results))


def print_coverage(results: Sequence[tuple[int, frozenset[str], Outcome]]) -> None:
    """Print, by construct, in how many cases it was accepted and in how many refused."""
    by_construct = {name: Counter[Status]() for _, used, _ in results for name in used}
    for _, used, outcome in results:
        for name in used:
            by_construct[name][outcome.status] += 1
    write(f"{'construct':32}" + "".join(f"{status.value:>11}" for status in Status))
    for name, counts in sorted(by_construct.items()):
        write(f"{name:32}" + "".join(f"{counts[status]:>11}" for status in Status))
    total = Counter(outcome.status for _, _, outcome in results)
    write("all cases".ljust(32) + "".join(f"{total[status]:>11}" for status in Status))
    some = sum(outcome.rows > 0 for _, _, outcome in results)
    write(f"{some} of the agreeing cases have rows")
    write("refused for")
    refusals = Counter(o.construct for _, _, o in results if o.status is Status.REFUSED)
    for construct, number in refusals.most_common():
        write(f"{number:>6}  {construct}")


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
