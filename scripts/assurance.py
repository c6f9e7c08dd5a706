"""Write docs/assurance.md: what is tested beyond single cases, how far, what breaks a test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "assurance.md"

_INTRO = """\
# Assurance

What is tested beyond single cases, how much of it, and what was broken on purpose to see the test
fail. `make test` tries a sample of each, `make assurance` and `make agree` as much as the second
figure says. Where a target is not reached, the row says so. Generated from `scripts/assurance.py`
(`make docs`).

"""


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of assurance: what is wanted, what is there, and how it fails when it is broken.

    `modules` hold the tests; `variable` is the environment variable that says how many are tried.
    """

    title: str
    wanted: str
    sample: str
    full: str
    broken: str
    modules: tuple[str, ...]
    variable: str = ""


TARGETS: tuple[Target, ...] = (
    Target(
        "Every rule on DuckDB and on Neo4j, and analyses against plain Python",
        "0 differences in 500 networks",
        "a few random networks for each analysis, each rule's cases on both engines",
        "3,000 networks (`make agree`)",
        "a hop's date condition dropped in `analysis/goods/hops.py`: paths differ from the oracle",
        (
            "tests/neo4j/test_networks.py",
            "tests/analysis/goods/test_random_paths.py",
            "tests/analysis/bounds/test_bounds.py",
        ),
        "GRAPHCHANNEL_NETWORKS",
    ),
    Target(
        "Portable Cypher: random queries against an interpreter and two Neo4j releases",
        "0 differences",
        "a sample of each kind of query",
        "2,000 queries (`make agree`)",
        "three-valued logic of `NOT` turned into two values: the interpreter disagrees",
        ("tests/compiler/test_agreement.py", "tests/neo4j/test_agreement.py"),
        "GRAPHCHANNEL_AGREE",
    ),
    Target(
        "Each condition of each rule is needed by a case",
        "every mutant is caught",
        "all rules",
        "all rules",
        "a near miss taken out of a rule's cases: the mutant of its condition survives",
        ("tests/rules/test_mutants.py",),
    ),
    Target(
        "Planted violations are found, and nothing else",
        "recall and precision 100 %",
        "one seed, 3,000 lines",
        "one seed; 20 seeds and 10 million lines are not run yet",
        "a planted line left out of the truth: precision falls",
        ("tests/demo/test_truth.py",),
    ),
    Target(
        "A load is all or nothing: kills and full disks",
        "the state before or after, never part of one",
        "kills in the first and in later loads",
        "the same; kills of scan and publish are not run at random",
        "the transaction of a load split in two: a kill leaves half of it",
        ("tests/ingest/test_transaction.py", "tests/test_workspace.py"),
    ),
    Target(
        "Outputs are whole or as they were: kills and full disks",
        "0 cut files",
        "4 kills, 8 commands on a full disk",
        "80 kills",
        "`cli/_options.opened_output` opening the file itself: the old file is gone",
        ("tests/test_files.py", "tests/cli/test_ending.py"),
        "GRAPHCHANNEL_KILLS",
    ),
    Target(
        "Damaged workspaces: cut, bits flipped, parts zeroed",
        "one sentence each, `doctor` names it",
        "12 damages",
        "120 damages",
        "`told` of `cli/_faults.py` without errors of the database: a traceback",
        ("tests/cli/test_ending.py",),
        "GRAPHCHANNEL_DAMAGES",
    ),
    Target(
        "Publishing over a connection that breaks",
        "success or a clean failure, nothing twice, nothing missing",
        "the server stopped at several moments, interrupted publishes",
        "the same; a proxy with 50 fault points is not there yet",
        "`MERGE` replaced by `CREATE`: a publish that is repeated makes duplicates",
        ("tests/neo4j/test_faults.py", "tests/neo4j/test_publish.py"),
    ),
    Target(
        "Mutated files of every format",
        "0 uncaught errors, 0 hangs, 0 lost rows",
        "a few of each format",
        "3,000 of each format",
        "the reader of gzip without its error of a damaged stream: uncaught",
        ("tests/ingest/readers/test_fuzz.py",),
        "GRAPHCHANNEL_FUZZ",
    ),
    Target(
        "Inputs that once ended in a traceback, a hang, a leak or an escape",
        "one sentence each",
        "the first of each kind",
        "all",
        "`toml_of` without its check of depth: RecursionError",
        ("tests/hostile/test_samples.py",),
        "GRAPHCHANNEL_HOSTILE",
    ),
    Target(
        "Bombs: gzip, XLSX, cells, quotes that never close",
        "refused with the file's name, below a memory limit",
        "all",
        "all",
        "the limit of a workbook's size lifted: memory runs over",
        ("tests/ingest/readers/test_bombs.py",),
    ),
    Target(
        "Names steer no terminal, become no formula, run no script",
        "0 obeyed characters, 0 live formulas, 0 scripts",
        "10 payloads in every command that prints names; charts in a page with a policy",
        "the same",
        "`visible` left out of the cells of tables: escapes reach the screen",
        ("tests/cli/test_terminal.py", "tests/report/test_chart_pages.py"),
    ),
    Target(
        "Nothing is smuggled to Neo4j",
        "0 clauses out of comments, equal rows, on both releases",
        "escapes in comments, texts and names",
        "the same",
        "`without_escapes` left out before sending: 5.26 runs the comment",
        ("tests/compiler/syntax/test_escapes.py", "tests/neo4j/test_engine.py"),
    ),
    Target(
        "A password shows nowhere",
        "0 occurrences on screens, in logs and files",
        "addresses of 7 forms, options, environment, prompt, errors, debug log",
        "the same",
        "the check of `@` left out of `check_address`: the driver repeats the address",
        ("tests/cli/test_canary.py",),
    ),
    Target(
        "Limits: time, rows, memory, sizes of queries; Ctrl-C",
        "ended in time, the workspace stays usable",
        "each limit; Ctrl-C in a sum and in rows that come slowly",
        "the same",
        "no watching thread in `cli/_interrupt.py`: the command goes on after Ctrl-C",
        ("tests/compiler/test_limits.py", "tests/cli/test_ending.py"),
    ),
    Target(
        "Several threads and processes on one workspace",
        "clear waiting or refusal, nothing lost",
        "questions in threads while loads come in; two first loads at once",
        "the same",
        "a shared connection instead of sessions: temporary tables mix",
        ("tests/channel/test_threads.py", "tests/test_workspace.py"),
    ),
    Target(
        "Metamorphic relations: shuffled rows, renamed ids, shifted days, loaded twice",
        "7 relations, every rule, 200 networks",
        "every shipped rule, one network, 4 relations",
        "12 networks; a split line and a partition are not tried yet",
        "a rule that compares ids by size: the findings change with the names",
        ("tests/hostile/test_relations.py",),
        "GRAPHCHANNEL_RELATIONS",
    ),
)


def page() -> str:
    """Return the page; raises ValueError where a module that is named is not there."""
    rows = [
        "| # | what | wanted | `make test` | in full | fails when broken | tests |",
        "|--:|---|---|---|---|---|---|",
    ]
    for number, target in enumerate(TARGETS, 1):
        for module in target.modules:
            if not (ROOT / module).is_file():
                message = f"{target.title}: there is no {module}"
                raise ValueError(message)
        tests = "<br>".join(f"`{module}`" for module in target.modules)
        cells = (target.title, target.wanted, target.sample, target.full, target.broken, tests)
        rows.append(f"| {number} | {' | '.join(cells)} |")
    return _INTRO + "\n".join(rows) + "\n"


def unread_variables() -> list[str]:
    """Return the variables of targets that none of their modules reads."""
    return [
        target.variable
        for target in TARGETS
        if target.variable
        and not any(
            re.search(target.variable, (ROOT / module).read_text("utf-8"))
            for module in target.modules
        )
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
