"""Write the output of `graphchannel demo` into README.md, cut to what fits on a screen.

Cuts are marked by a line `…`; everything else is as the command printed it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "README.md"
CUT = "…"
_BLOCK = re.compile(r"(<!-- demo -->\n```text\n)(.*?)(```\n<!-- /demo -->)", re.DOTALL)


def shown() -> str:
    """Return what the README says that the demo prints."""
    found = _BLOCK.search(PAGE.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{PAGE}: the markers of the demo's output are missing.")
    return found[2]


def demo() -> str:
    """Run the demo in an empty folder; return what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "graphchannel", "demo"]
        run = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True
        )
    return "".join(line.rstrip() + "\n" for line in run.stdout.splitlines())


def cut(output: str) -> str:
    """Keep the head of the summary, the first findings and the next commands."""
    lines = output.splitlines()
    end_of_summary = next(n for n, line in enumerate(lines) if " findings" in line)
    table = next(n for n in range(end_of_summary, len(lines)) if lines[n].startswith("Severity"))
    following = lines.index("Next:")
    kept = [*lines[:11], CUT, *lines[end_of_summary : table + 6], CUT, *lines[following:]]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    block = cut(demo())
    PAGE.write_text(_BLOCK.sub(lambda found: found[1] + block + found[3], text), "utf-8")
