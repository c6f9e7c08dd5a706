"""Run the tutorial from top to bottom, and write its outputs into the page.

A `csv` block becomes the file that the paragraph above it names; a comment there names its
encoding. The commands of `sh` blocks are run; a `text` block right below one is all that they
print. The first `toml` block is the proposal as it was written, the second what became of it.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from graphchannel.cli import main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
SENDER = Path("senders/rotkamp.toml")
CORRECTIONS = {"Alpenblik": "Alpenblick", "31.06.2015": "30.06.2015"}

_BLOCK = re.compile(
    r"(?:`(?P<file>[^`\n]+)`(?: <!-- (?P<encoding>\S+) -->)?\n\n)?"
    r"```(?P<kind>csv|sh|text|toml)\n(?P<body>.*?)```\n",
    re.DOTALL,
)


def current() -> str:
    """Return the text of the page with the outputs as they are now."""
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        printed = ""
        proposed = True

        def block(found: re.Match[str]) -> str:
            nonlocal printed, proposed
            body = found["body"]
            match found["kind"]:
                case "csv":
                    write(Path(found["file"]), body, found["encoding"] or "utf-8")
                case "sh":
                    printed = "".join(run(line) for line in body.splitlines())
                case "text":
                    return found[0].replace(f"```text\n{body}", f"```text\n{printed}")
                case "toml" if proposed:
                    proposed = False
                    return found[0].replace(
                        f"```toml\n{body}", f"```toml\n{SENDER.read_text('utf-8')}"
                    )
                case "toml":
                    write(SENDER, body, "utf-8")
            return found[0]

        return _BLOCK.sub(block, text)


def write(path: Path, text: str, encoding: str) -> None:
    """Write a file of the page, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)


def run(command: str) -> str:
    """Run a command of the page in this process; return all that it prints."""
    program, *words = shlex.split(command)
    if program != "graphchannel":
        message = f"the page runs {program}"
        raise RuntimeError(message)
    if words == ["load", "rejects.csv"]:
        _correct(Path("rejects.csv"))
    environment = {"GRAPHCHANNEL_WORKSPACE": None, "GRAPHCHANNEL_PACK": None}
    result = CliRunner().invoke(main, words, env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())


def _correct(export: Path) -> None:
    """Correct the export as the page says."""
    text = export.read_text("utf-8-sig")
    for wrong, right in CORRECTIONS.items():
        text = text.replace(wrong, right)
    export.write_text(text, "utf-8")


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
