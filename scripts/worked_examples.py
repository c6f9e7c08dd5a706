"""Write the outputs of worked examples into the pages that show them.

A page's example is a `sh` block with one command on the demo's workspace, and a `text` block right
below it with all that the command prints on standard output.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("kpi", "coverage")
_EXAMPLE = re.compile(r"(```sh\n(graphchannel [^\n]+)\n```\n\n```text\n)(.*?)(```\n)", re.DOTALL)


@contextlib.contextmanager
def demo_folder() -> Iterator[None]:
    """Work in a folder of its own in which the demo has run."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        outcome("graphchannel demo")
        yield


def current(page: str) -> str:
    """Return the text of a page with the outputs as they are now; needs `demo_folder`."""
    text = (DOCS / f"{page}.md").read_text("utf-8")
    return _EXAMPLE.sub(lambda found: f"{found[1]}{outcome(found[2])}{found[4]}", text)


def outcome(command: str) -> str:
    """Run a command in this process; return its standard output without trailing blanks."""
    environment = {"GRAPHCHANNEL_WORKSPACE": None, "GRAPHCHANNEL_PACK": None}
    words = shlex.split(command)[1:]
    result = CliRunner().invoke(main, words, env=environment, catch_exceptions=False)
    if result.exit_code not in (0, 1):
        message = f"{command}\n{result.stderr}"
        raise RuntimeError(message)
    return "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())


if __name__ == "__main__":
    with demo_folder():
        for name in PAGES:
            (DOCS / f"{name}.md").write_text(current(name), "utf-8")
