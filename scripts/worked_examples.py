"""Write the outputs of worked examples into the pages that show them.

A page's example is a `sh` block with one command on the demo's workspace, and a `text` block right
below it with all that the command prints on standard output. A `toml` block that begins with the
name of a file becomes that file; `other.toml` is the shipped policy with the block's table in it.
The partners that a page names in its comments `<!-- actors: … -->` and `<!-- branch: … -->` are
cast anew, since the demo's ids move when something is planted.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.resources import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("kpi", "coverage", "paths", "recommend", "simulate")
_EXAMPLE = re.compile(r"(```sh\n(graphchannel [^\n]+)\n```\n\n```text\n)(.*?)(```\n)", re.DOTALL)
_ACTORS = re.compile(r"<!-- actors: (.*?) -->")
_BRANCH = re.compile(r"<!-- branch: (.*?) -->")
_ONLY_BRANCH = (
    "MATCH (p:Partner)-[b:HAS_BRANCH]->(c:City) WHERE c.key_city = true "
    "AND b.opened_on <= date('2015-06-30') <= b.closed_on "
    "WITH c.id AS city, count(*) AS open, min(p.id) AS partner WHERE open = 1 "
    "RETURN partner, city ORDER BY city LIMIT 1"
)
_FILE = re.compile(r"```toml\n# (\S+\.toml)\n(.*?)```", re.DOTALL)


@contextlib.contextmanager
def demo_folder() -> Iterator[None]:
    """Work in a folder of its own in which the demo has run."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        outcome("graphchannel demo")
        yield


def current(page: str) -> str:
    """Return the text of a page with the outputs as they are now; needs `demo_folder`."""
    text = _cast((DOCS / f"{page}.md").read_text("utf-8"))
    for name, content in _FILE.findall(text):
        full = _policy_with(content) if name == "other.toml" else content
        Path(name).write_text(full, "utf-8")
    return _EXAMPLE.sub(lambda found: f"{found[1]}{outcome(found[2])}{found[4]}", text)


def _cast(text: str) -> str:
    """Give the parts in a page: the distributor that certified most, and whom it would strand.

    After it come a stranded partner and the nearest that could take it, from two countries. A
    branch is the only one in its key city, given as partner and city.
    """
    named, branch = _ACTORS.search(text), _BRANCH.search(text)
    if named is None or branch is None:
        return text
    options = "--workspace demo.duckdb --as-of 2015-06-30 --format csv --section"
    issuers = _rows(f"graphchannel kpi {options} issuers")
    distributor = next(row["issuer"] for row in issuers if not row["issuer"].startswith("V"))
    asked = f"graphchannel simulate --terminate {distributor} {options} stranded"
    by_country = {row["country"]: row for row in _rows(asked) if row["nearest"]}
    pairs = [[row["partner"], row["nearest"]] for _, row in sorted(by_country.items())[:2]]
    parts = dict(zip(named[1].split(), [distributor, *pairs[0], *pairs[1]], strict=True))
    query = shlex.quote(_ONLY_BRANCH)
    (only,) = _rows(f"graphchannel query --workspace demo.duckdb --format csv {query}")
    parts |= dict(zip(branch[1].split(), [only["partner"], only["city"]], strict=True))
    return re.sub("|".join(parts), lambda found: parts[found[0]], text)


def _rows(command: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(outcome(command))))


def outcome(command: str) -> str:
    """Run a command in this process; return its standard output without trailing blanks."""
    environment = {"GRAPHCHANNEL_WORKSPACE": None, "GRAPHCHANNEL_PACK": None}
    words = shlex.split(command)[1:]
    result = CliRunner().invoke(main, words, env=environment, catch_exceptions=False)
    if result.exit_code not in (0, 1):
        message = f"{command}\n{result.stderr}"
        raise RuntimeError(message)
    return "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())


def _policy_with(table: str) -> str:
    """Return the shipped policy with a table, which ends at a blank line, in place of its own."""
    policy = (pack() / "policy.toml").read_text("utf-8")
    head = table.partition("\n")[0]
    before, found, after = policy.partition(f"{head}\n")
    if not found:
        message = f"the shipped policy has no {head}"
        raise RuntimeError(message)
    _, _, rest = after.partition("\n\n")
    return f"{before}{table}\n{rest}"


if __name__ == "__main__":
    with demo_folder():
        for name in PAGES:
            (DOCS / f"{name}.md").write_text(current(name), "utf-8")
