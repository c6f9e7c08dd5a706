"""Pages that are walked through: their files are written, their commands run, outputs put in.

A block of data, of settings or of a rule becomes the file that the paragraph above it names; a
comment there names its encoding, or says that the file is `shown` as it is by then. The commands of
`sh` blocks are run; a `text` block right below one is all that they print. A command ends with exit
code 0, or with the one that the comment behind it says. What a page tells its readers to change in
a file is done to it as soon as it is there.
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
    from collections.abc import Callable, Mapping

    Edits = Mapping[Path, Callable[[str], str]]

DOCS = Path(__file__).resolve().parent.parent / "docs"

_ENDS = re.compile(r"\s+# exit code (?P<code>\d+)$")
_BLOCK = re.compile(
    r"(?:`(?P<file>[^`\n]+)`(?: <!-- (?P<note>\S+) -->)?\n\n)?"
    r"```(?P<kind>csv|sh|text|toml|cypher)\n(?P<body>.*?)```\n",
    re.DOTALL,
)


def current(page: Path, edits: Edits) -> str:
    """Return the text of a page with the outputs as they are now.

    Raises RuntimeError for a command that ends with another exit code than the page says.
    """
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        printed = ""

        def block(found: re.Match[str]) -> str:
            nonlocal printed
            kind, body = found["kind"], found["body"]
            if kind == "sh":
                printed = "".join(_run(line, edits) for line in body.splitlines())
            elif kind == "text":
                return found[0].replace(f"```text\n{body}", f"```text\n{printed}")
            elif found["note"] == "shown":
                shown = Path(found["file"]).read_text("utf-8")
                return found[0].replace(f"```{kind}\n{body}", f"```{kind}\n{shown}")
            else:
                _write(Path(found["file"]), body, found["note"] or "utf-8")
            return found[0]

        return _BLOCK.sub(block, text)


def _write(path: Path, text: str, encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)


def _run(line: str, edits: Edits) -> str:
    """Run a command of a page in this process; return all that it prints."""
    ends = _ENDS.search(line)
    command, code = (line[: ends.start()], int(ends["code"])) if ends else (line, 0)
    program, *words = shlex.split(command)
    if program != "graphchannel":
        message = f"the page runs {program}"
        raise RuntimeError(message)
    environment = {"GRAPHCHANNEL_WORKSPACE": None, "GRAPHCHANNEL_PACK": None}
    result = CliRunner().invoke(main, words, env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code != code:
        message = f"'{command}' ended with exit code {result.exit_code}, the page says {code}"
        raise RuntimeError(message)
    for file, edited in edits.items():
        if file.exists():
            file.write_text(edited(file.read_text("utf-8-sig")), "utf-8")
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())
