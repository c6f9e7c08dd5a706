"""Write docs/assurance.md: what is tested beyond single cases, how far, what breaks a test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "assurance.md"

_INTRO = """\
# Assurance

What is tested beyond single cases, how much of it, and what makes the test fail. `make test`,
`make check` and `make system` together try a sample of each (*every run*), `make assurance` and
`make agree` as much as the second figure says. Where a target is not reached, the row says so.

The last column but one names a change of the code and the test that notices it. *Watched*: the
change was made, the test was run alone, at most at the size of every run unless the row says
otherwise and on one release of Neo4j, and it failed for the reason given. *Expected, not tried*:
nobody has done that yet. One change that is noticed says nothing of others, nor of the other tests
of its row. Generated from `scripts/assurance.py` (`make docs`).

"""

_MEASURED = """
## Measured once

Wanted: 95 % of branches and 85 % of mutants, in the compiler, in reading files and in findings.
All three have both.

- **Random queries natively** (2026-12-01): seeds 100,001 to 104,950 on Neo4j 5.26.12 and 100,001 to
  110,000 on 2026.09.0, `GRAPHCHANNEL_AGREE=20000 pytest tests/neo4j/test_agreement.py -k 2026` and
  `-k 5.26`, stopped for want of time; 5 queries a second on a quiet core. One disagreement each: a
  type named twice (`-[:R|R]->` is counted twice by the statistics of both releases) and `reverse()`
  of a `range()` that does not meet its end (2026.09 begins at the end). Both are refused since.
- **Branch coverage of the compiler** (2026-12-01), by its own tests without Spark: 98.1 % of
  branches (2,662 of 2,714), 99.0 % of statements and branches. `coverage run --branch
  --source=graphchannel/compiler -m pytest -n 0 tests/compiler --ignore
  tests/compiler/test_examples_spark.py`, then `coverage report`; coverage is no dependency, install
  it beside. Most of what is missed says that something cannot be, for the checker of types; ten
  lines are SQL for Spark of which no example asks.
- **Mutation testing of the compiler** (2026-12-01): 100 changes, drawn at random among some 7,300,
  of comparisons, conditions, sums, numbers, truth values and what is returned: 81 noticed by the
  quick tests. `python -m scripts.mutants --sample 100 --seed 1 compiler`, as the code was then.
  Of the 19 others, 9 change no answer; without them it is 81 of 91, 89 %. The 10 that do were a
  `SKIP` alone in a `COLLECT`, whether `range()` holds nulls, where a walk begins, labels in one
  column that exclude each other, the key of a relation (`test_alternatives.py`, which is not among
  the quick ones, notices it), nulls in lists sorted for Spark, `keys()` sent to Neo4j, the hint for
  sums of unlike values, membership in lists of one element, and -0.0 sorted among texts. Each of
  them is noticed since. The 9: a count beside other aggregates, a sort of what has no order
  (`clauses/aggregation.py`), a factor of one (`functions/durations.py`), a shorter way for a null
  (`functions/numbers.py`), a value that cannot come there (`patterns/branches.py`), a node said
  to be nullable for a few lines (`patterns/nodes.py`), a test of two walks that share no table
  (`patterns/walks.py`), a division built in two ways, now one (`values/arithmetic.py`), a
  nanosecond before truncation (`values/moment_rules.py`).
- **Branch coverage of other rooms** (2026-12-01): of `graphchannel/findings` 98.6 % (1,793
  statements and 322 branches), by `tests/findings tests/cli/test_scan.py
  tests/cli/test_certainty.py tests/runs tests/worklist tests/cli/test_partner.py
  tests/channel/test_channel.py`, before what was missed got cases. Of `graphchannel/ingest` 96 %
  (7,494 and 1,896), by `tests/ingest tests/loaders`.
- **Mutation testing of findings and of reading files** (2026-12-01): 83 and 84 changes, those of
  `python -m scripts.mutants findings --sample 80` and `ingest --sample 84` as the code was then and
  3 more of findings, each tried on tests of the room that run its line, and where none of the
  quick ones failed on those of its module. Noticed: 76 (92 %) and 72 (86 %), 5 and 6 of them by
  cases that were added since. Of the 7 of findings that are left, 4 change no result (which way
  is quicker, a limit that is none), 3 do or may: which path is shown where its goods can have
  moved (`provenance.py:187`), bounds where a rule gives its own (`provenance.py:192`), the number
  of an event that is not written yet (`work.py:59`). Of the 12 of reading files 7 change no result,
  5 do or may: repetitions of ten digits in ODS, a sender's ids beside serial numbers
  (`senders/lines.py:115`), fixed cells in `senders/groups.py:76`, names of columns that are no ids
  (`senders/cells.py:58`), choices in the quick way of a load (`conform.py:111`). SQL is not changed
  by these.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of assurance: what is wanted, what is there, and how it fails when it is broken.

    `broken` is a change and what comes of it, `noticed` the functions in `modules` that fail then,
    `watched` whether somebody made the change and saw them fail. `variable` is the environment
    variable that says how many are tried.
    """

    title: str
    wanted: str
    sample: str
    full: str
    broken: str
    noticed: tuple[str, ...]
    watched: bool
    modules: tuple[str, ...]
    variable: str = ""


TARGETS: tuple[Target, ...] = (
    Target(
        "Every rule on random channels, on DuckDB, on Neo4j and by an oracle in plain Python",
        "0 differences in 500 networks",
        "30 channels of 60 lines with all 47 rules on DuckDB and by the oracle, 6 of them on one "
        "release of Neo4j",
        "500 by the oracle (`make assurance`), 100 on both releases (`make agree`), of which 6 on "
        "one release have been run. The oracle shares no code with the package",
        "`serials/never-received` without what arrived on the day of the sale: it names a partner "
        "that the oracle does not",
        ("test_a_scan_finds_what_the_oracle_finds",),
        watched=True,
        modules=("tests/demo/test_channels.py", "tests/neo4j/test_channels.py"),
        variable="GRAPHCHANNEL_CHANNELS",
    ),
    Target(
        "Analyses and path rules on random networks against plain Python",
        "0 differences in 500 networks",
        "a few random networks for each analysis, each rule's cases on both engines",
        "3,000 networks (`make agree`)",
        "the window of days dropped in `analysis/goods/hops.py`: other paths than the oracle's. "
        "In `paths/sourced-from-vap`: on Neo4j other findings than those of trying every path",
        (
            "test_paths_over_hops_of_a_ruling",
            "test_native_findings_are_those_of_trying_every_path",
        ),
        watched=True,
        modules=(
            "tests/neo4j/test_networks.py",
            "tests/analysis/goods/test_random_paths.py",
            "tests/analysis/bounds/test_bounds.py",
        ),
        variable="GRAPHCHANNEL_NETWORKS",
    ),
    Target(
        "Portable Cypher: random queries against an interpreter and two Neo4j releases",
        "0 differences",
        "a sample of each kind of query",
        "2,000 queries (`make agree`)",
        "`NOT` of null made true: the interpreter disagrees at the 8th query. Neo4j does, too, "
        "with 70 queries; the 8 of every run do not notice it there",
        (
            "test_compiled_queries_answer_like_the_reference",
            "test_compiled_queries_answer_like_neo4j",
        ),
        watched=True,
        modules=("tests/compiler/test_agreement.py", "tests/neo4j/test_agreement.py"),
        variable="GRAPHCHANNEL_AGREE",
    ),
    Target(
        "Portable Cypher on Spark: random queries against the interpreter",
        "0 differences",
        "4 queries, one of them once more with the settings that users have, 2 texts beside them",
        "500 queries (`make agree`), and the recorded answers of both Neo4j releases "
        "(`make assurance`)",
        "`add_months` in place of `date_add` in `compiler/sql/dialects/_spark.py`: the week of a "
        "day is another at the 4th query",
        ("test_spark_answers_like_the_reference",),
        watched=True,
        modules=("tests/compiler/test_agreement_spark.py",),
        variable="GRAPHCHANNEL_AGREE",
    ),
    Target(
        "Each condition of each rule is needed by a case",
        "every mutant is caught",
        "some mutants of a third of the rules",
        "all mutants of all rules",
        "certificates that miss each other by a day taken out of a rule's cases: the mutants "
        "without its two conditions on days survive",
        ("test_every_mutant_is_noticed",),
        watched=True,
        modules=("tests/rules/test_mutants.py",),
    ),
    Target(
        "Planted violations are found, and nothing else",
        "recall and precision 100 %",
        "1 seed of 5,000 lines, one of 100,000",
        "20 seeds of 5,000 lines; 10 million lines once (2026-12-01: some 9,700 planted "
        "findings, no other)",
        "one planted line left out of the truth: the oracle finds a line more than the truth has",
        ("test_oracle_and_scan_find_what_was_planted",),
        watched=True,
        modules=("tests/demo/test_truth.py",),
        variable="GRAPHCHANNEL_TRUTHS",
    ),
    Target(
        "Caps of waivers are used up in shipping order, against plain Python unit by unit",
        "0 differences",
        "8 random networks with up to 4 waivers",
        "300 of them",
        "lines in the order of their ids: what is waived is not the oracle's. Lines that a filter "
        "leaves out do not count: a filter waives more",
        (
            "test_random_caps_are_those_of_an_oracle",
            "test_days_before_those_that_a_scan_counts_use_the_cap_up",
        ),
        watched=True,
        modules=("tests/findings/test_waiver_caps.py",),
        variable="GRAPHCHANNEL_CAPS",
    ),
    Target(
        "A load is all or nothing: kills and full disks",
        "the state before or after, never part of one",
        "kills at 4 named points of later loads, while a workspace is made, and of `unload`",
        "25 kills of a first load, of a later one and of `unload` at random points",
        "a commit in the middle of a load: a kill leaves half of it. A workspace made in its "
        "place: a kill leaves one that is not whole",
        (
            "test_a_killed_load_leaves_the_workspace_before_or_after_it",
            "test_a_kill_while_a_workspace_is_made_leaves_none",
        ),
        watched=True,
        modules=("tests/ingest/test_transaction.py", "tests/test_workspace.py"),
    ),
    Target(
        "Kills of commands at random points: scan, several outputs, export, report, work list, "
        "publish",
        "the state before or after, never part of one; asked again, each succeeds",
        "one kill near the end of a scan with several outputs",
        "25 kills of each of 9 commands, loads among them; 20 of a publish to each Neo4j release, "
        "of which one has been run. "
        "Points are SQL statements and operations on files, a third of them moments. A first load "
        "that is killed may leave a workspace that is whole and empty; commands say so",
        "`files.replacing_path` without a file beside it: cut outputs (12 of 49 kills in full; the "
        "sample does not notice). A run written without a transaction: a run without its findings "
        "(1 of 25 kills in full)",
        ("test_a_killed_command_leaves_what_was_or_what_comes",),
        watched=True,
        modules=("tests/hostile/test_kills.py", "tests/neo4j/test_kills.py"),
    ),
    Target(
        "Outputs are whole or as they were: kills and full disks",
        "0 cut files",
        "4 kills, 8 commands on a full disk",
        "80 kills",
        "`cli/_options.opened_output` opening the file itself: ten bytes of the new one in place "
        "of the old. `files.replacing_path` without a file beside it: an error takes the old one "
        "away",
        ("test_on_a_full_disk_the_old_file_stays", "test_an_error_leaves_what_was_there"),
        watched=True,
        modules=("tests/test_files.py", "tests/cli/test_ending.py"),
        variable="GRAPHCHANNEL_KILLS",
    ),
    Target(
        "Damaged workspaces: cut, bits flipped, parts zeroed",
        "one sentence each, `doctor` names it",
        "12 damages",
        "120 damages",
        "`told` of `cli/_faults.py` without errors of the database: a traceback",
        ("test_a_damaged_workspace_is_told_of_in_a_sentence",),
        watched=True,
        modules=("tests/cli/test_ending.py",),
        variable="GRAPHCHANNEL_DAMAGES",
    ),
    Target(
        "Publishing over a connection that breaks",
        "success or a clean failure, nothing twice, nothing missing",
        "interrupted publishes; resets, cuts, half-closed and dropped connections, delays",
        "a server killed in publish and scan; 50 faults of a network in publish, 35 in scan",
        "`MERGE` replaced by `CREATE`, or relationships not taken away before they are sent "
        "again: a later publish fails at a constraint of the graph, so that duplicates never come"
        " to be; a first one that was killed does not notice. Tries for 30 s, or a server that "
        "lets a silent connection live for a minute: it takes longer than 30 s",
        (
            "test_killed_anywhere_and_started_again_it_ends_the_same",
            "test_a_publish_is_done_or_told_and_the_next_completes_it",
        ),
        watched=True,
        modules=(
            "tests/neo4j/test_faults.py",
            "tests/neo4j/test_publish.py",
            "tests/neo4j/test_network.py",
        ),
    ),
    Target(
        "Mutated files of every format",
        "0 uncaught errors, 0 hangs, 0 lost rows",
        "a few of each format",
        "3,000 of each format",
        "the reader of gzip without its errors of a damaged stream: BadGzipFile comes through",
        ("test_mutated_files",),
        watched=True,
        modules=("tests/ingest/readers/test_fuzz.py",),
        variable="GRAPHCHANNEL_FUZZ",
    ),
    Target(
        "Inputs that once ended in a traceback, a hang, a leak or an escape",
        "one sentence each",
        "the first of each kind",
        "all",
        "`toml_of` without its check of depth: a list of lists is repeated on the screen. Without"
        " RecursionError: a sentence without the file's name. The samples of every run notice "
        "neither, a test beside them does",
        ("test_what_is_nested_too_deep_is_told_of_with_its_file",),
        watched=True,
        modules=("tests/hostile/test_samples.py",),
        variable="GRAPHCHANNEL_HOSTILE",
    ),
    Target(
        "Mutations of what users write: policy, rules, scenarios, baselines, senders, settings, "
        "work lists as CSV and XLSX, waivers",
        "0 tracebacks, 0 over 10 s, one sentence that names the file",
        "4 mutations of each of 9 kinds",
        "300 of each; seen once for policy, rules and scenarios, 40 for the others",
        "`toml_of` without its error of bytes that are no UTF-8: a traceback, at the size of `make "
        "test`",
        ("test_a_mutated_file_is_told_of_in_a_sentence",),
        watched=True,
        modules=("tests/hostile/test_written.py",),
        variable="GRAPHCHANNEL_MUTATIONS",
    ),
    Target(
        "Accounting: each record of a file is added, corrected, unchanged, rejected or skipped",
        "exact everywhere",
        "6 partner files, 2 random messy ones",
        "all partner files, 40 messy ones",
        "rows that came twice or stand already not counted as unchanged: the load refuses itself",
        ("test_a_messy_file_is_accounted_for",),
        watched=True,
        modules=("tests/ingest/test_accounting.py",),
    ),
    Target(
        "Batches that overlap in random order; a file three times",
        "identical checksum and findings",
        "3 batches; one folder three times",
        "100 batches of one network",
        "roles derived from the rows of a load alone: other findings than of all at once",
        ("test_overlapping_batches_in_any_order_end_the_same",),
        watched=False,
        modules=("tests/hostile/test_batches.py",),
    ),
    Target(
        "Standard output in ASCII, Latin-1 and cp1252, and under LC_ALL=C",
        "no traceback, what an encoding lacks is shown by its number",
        "ASCII, 9 commands",
        "4 encodings",
        "`echo` without its stream named: click writes UTF-8 where ASCII was asked for",
        ("test_what_an_encoding_lacks_is_shown_by_its_number",),
        watched=True,
        modules=("tests/cli/test_encodings.py",),
    ),
    Target(
        "Bombs: gzip, XLSX, cells, quotes that never close",
        "refused with the file's name, below a memory limit",
        "all",
        "all",
        "the limit of a workbook's size lifted: only the limit of rows ends it. That of gzip: "
        "nothing does",
        ("test_a_workbook_that_swells", "test_gzip_that_swells"),
        watched=True,
        modules=("tests/ingest/readers/test_bombs.py",),
    ),
    Target(
        "Names steer no terminal, become no formula, run no script",
        "0 obeyed characters, 0 live formulas, 0 scripts",
        "10 payloads in every command that prints names; 100 scripts as names of parties and "
        "documents in the report, each party's and finding's page opened, and in a chart's page, "
        "in Chromium under a policy that would say what it stopped",
        "the same",
        "`visible` left out of the cells of tables: escapes reach the screen. Out of charts: they"
        " reach the page. Texts of the report set as HTML: pages of findings and "
        "parties do not open",
        (
            "test_no_command_writes_what_a_terminal_obeys",
            "test_names_are_text_in_a_page",
            "test_no_name_is_run",
        ),
        watched=True,
        modules=(
            "tests/cli/test_terminal.py",
            "tests/report/test_chart_pages.py",
            "tests/report/pages/test_scripts.py",
        ),
    ),
    Target(
        "What is code elsewhere is text: ids, names, documents, numbers, parameters, texts in "
        "queries, names of files",
        "60 payloads in every text column on every engine and report; 0 changes of graph, result "
        "or screen",
        "66 payloads of SQL, Cypher, Spark, shells, templates, markup and spreadsheets in all of "
        "them; all that a scan of 2 networks says, 8 formats, findings and graph on one release "
        "of Neo4j, questions on Spark",
        "40 networks, both releases, path and supply rules on Spark. Ids of lines have no "
        "characters beyond U+FFFF here: three rules ask for their order, which Neo4j has two of, "
        "and stop with a sentence",
        "`spark.sql.variable.substitute` left as it is: Spark answers with the name of the "
        "application in place of `${spark.app.name}`",
        ("test_what_is_code_elsewhere_is_text",),
        watched=True,
        modules=(
            "tests/hostile/test_payloads.py",
            "tests/neo4j/test_payloads.py",
            "tests/spark/test_engine.py",
        ),
        variable="GRAPHCHANNEL_PAYLOADS",
    ),
    Target(
        "Nothing is smuggled to Neo4j",
        "0 clauses out of comments, equal rows, on both releases",
        "escapes in comments, texts and names",
        "the same",
        "`without_escapes` left out before sending: 5.26 runs the comment, and a quote that is "
        "escaped ends its text",
        ("test_a_comment_smuggles_no_clause", "test_escapes_mean_what_they_mean_here"),
        watched=True,
        modules=("tests/compiler/syntax/test_escapes.py", "tests/neo4j/test_engine.py"),
    ),
    Target(
        "A password shows nowhere",
        "0 occurrences on screens, in logs and files",
        "addresses of 7 forms, options, environment, prompt, errors, debug log",
        "the same",
        "the check of `@` left out of `check_address`: `publish` asks for a password and repeats "
        "the address",
        ("test_one_in_an_address_is_never_repeated",),
        watched=True,
        modules=("tests/cli/test_canary.py",),
    ),
    Target(
        "Limits: time, rows, memory, sizes of queries; Ctrl-C and SIGTERM",
        "ended in time, the workspace stays usable",
        "each limit; analyses in Python and in SQL; Ctrl-C in a sum and in rows that come slowly; "
        "a signal to `load` and to `scan`",
        "both signals at 5 moments of `scan`, `load`, `report`, `trace`, `simulate`. A step within "
        "the solver is waited for by `--timeout`, by a signal for 1.5 s",
        "no watching thread in `cli/_interrupt.py`: a query whose rows come slowly goes on for 15"
        " s after Ctrl-C. 400 relationships allowed: 41 are not refused. The clock interrupts "
        "statements only: an analysis in Python goes on. What fails after a signal is told of as "
        "any error: a traceback out of `load` (in full; the sample seldom notices)",
        (
            "test_ctrl_c_and_sigterm_end_at_once",
            "test_too_much_is_refused",
            "test_work_in_python_is_stopped",
            "test_a_signal_ends_a_command",
        ),
        watched=True,
        modules=(
            "tests/compiler/test_limits.py",
            "tests/cli/test_ending.py",
            "tests/engines/test_clock.py",
            "tests/findings/test_timeout.py",
            "tests/cli/test_signals.py",
        ),
    ),
    Target(
        "Several threads and processes on one workspace",
        "clear waiting or refusal, nothing lost",
        "questions in threads while loads come in; two first loads at once",
        "the same",
        "a shared connection instead of sessions: it refuses the second thread. A new workspace "
        "put in place over another: one of two first loads is lost",
        (
            "test_questions_in_threads_are_answered_as_alone",
            "test_two_first_loads_at_once_lose_nothing",
        ),
        watched=True,
        modules=("tests/channel/test_threads.py", "tests/test_workspace.py"),
    ),
    Target(
        "Surroundings change no byte: order of rows, hash seed, threads, time zone, locale",
        "byte-identical outputs, 20 runs",
        "2 surroundings, 5 commands",
        "20 surroundings, 24 commands (2026-12-01, 16 minutes: byte-identical)",
        "the axis of charts over time on a local scale: `kpi --chart` differs between time zones",
        ("test_surroundings_change_no_byte",),
        watched=True,
        modules=("tests/hostile/test_determinism.py",),
        variable="GRAPHCHANNEL_RUNS",
    ),
    Target(
        "Hubs: a pair of parties with 4,200 lines, a party with 10,000; one thread, two threads, "
        "plain Python; every rule",
        "0 differences in 50 networks",
        "1 network",
        "52 networks, 13 in a workspace, so that threads share the work (2026-12-01, 12 minutes: "
        "0 differences)",
        "the last day of the window of days left out in `analysis/goods/hops.py`: other findings "
        "than the oracle's",
        ("test_threads_and_plain_python_find_the_same_at_hubs",),
        watched=True,
        modules=("tests/hostile/test_hub_channels.py",),
        variable="GRAPHCHANNEL_HUBS",
    ),
    Target(
        "Metamorphic relations: shuffled rows, renamed ids, shifted days, loaded twice, unrelated "
        "networks beside each other, a line split in two, the three parts of a predicate",
        "7 relations, every rule, 200 networks, 0 violations",
        "7 relations, 2 networks; all that a finding says is compared",
        "200 networks of 60 lines, in which each of the 47 rules has findings. Of a split line, "
        "7 rules that show one way of goods may show one half: their units and amounts are left "
        "out; what has serial numbers or came twice is not split. Networks stand 20 in a workspace",
        "`supply/unlisted-pair` with a seller whose id is less than the buyer's: the findings "
        "change with the names. The order of a unit's hand-overs within a day decided by the names "
        "of parties alone, as it was before this test: the 102nd network's findings change with "
        "the names (in full). Units of `paths/round-trip` bounded by the first line of a day "
        "alone, as they were once: a split line lowers them (5 of 8 networks)",
        ("test_names_of_ids_do_not_matter", "test_a_line_in_two_parts_does_not_matter"),
        watched=True,
        modules=("tests/hostile/test_relations.py",),
        variable="GRAPHCHANNEL_RELATIONS",
    ),
)


def page() -> str:
    """Return the page.

    Raises FileNotFoundError or ValueError where a module or test that is named is not there.
    """
    rows = [
        "| # | what | wanted | every run | in full | fails when broken | tests |",
        "|--:|---|---|---|---|---|---|",
    ]
    for number, target in enumerate(TARGETS, 1):
        held = _text_of(target.modules)
        for test in target.noticed:
            if f"def {test}(" not in held:
                message = f"{target.title}: there is no {test} in its modules"
                raise ValueError(message)
        tests = "<br>".join(f"`{module}`" for module in target.modules)
        cells = (target.title, target.wanted, target.sample, target.full, _broken(target), tests)
        rows.append(f"| {number} | {' | '.join(cells)} |")
    return _INTRO + "\n".join(rows) + "\n" + _MEASURED


def _broken(target: Target) -> str:
    tests = ", ".join(f"`{test}`" for test in target.noticed)
    seen = "Watched" if target.watched else "Expected, not tried"
    return f"{target.broken}.<br>{seen}: {tests}"


def _text_of(modules: tuple[str, ...]) -> str:
    return "".join((ROOT / module).read_text("utf-8") for module in modules)


def unread_variables() -> list[str]:
    """Return the variables of targets that none of their modules reads."""
    return [one.variable for one in TARGETS if one.variable not in _text_of(one.modules)]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
