"""Run the page on a compliance officer's month, and write its outputs into it.

A block of data, of a policy or of a rule becomes the file that the paragraph above it names; a
comment there names its encoding. The commands of `sh` blocks are run; a `text` block right below
one is all that they print. What the page says of `policy.toml` is done to it.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

from scripts.tutorial import run, write

PAGE = Path(__file__).resolve().parent.parent / "docs" / "compliance.md"
POLICY = Path("our-policy/policy.toml")

_BLOCK = re.compile(
    r"(?:`(?P<file>[^`\n]+)`(?: <!-- (?P<encoding>\S+) -->)?\n\n)?"
    r"```(?P<kind>csv|sh|text|toml|cypher)\n(?P<body>.*?)```\n",
    re.DOTALL,
)


def current() -> str:
    """Return the text of the page with the outputs as they are now."""
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        printed = ""

        def block(found: re.Match[str]) -> str:
            nonlocal printed
            body = found["body"]
            match found["kind"]:
                case "sh":
                    printed = "".join(run(line) for line in body.splitlines())
                    _edit()
                case "text":
                    return found[0].replace(f"```text\n{body}", f"```text\n{printed}")
                case _:
                    write(Path(found["file"]), body, found["encoding"] or "utf-8")
            return found[0]

        return _BLOCK.sub(block, text)


def _edit() -> None:
    """Edit the copy of the policy as the page says, once it is there."""
    if POLICY.exists():
        text = POLICY.read_text("utf-8")
        edited = re.sub(r"(\[parameters\.sell_off_days\][^\[]*?\nvalue = )\d+", r"\g<1>180", text)
        POLICY.write_text(edited, "utf-8")


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
