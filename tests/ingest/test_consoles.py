"""What is printed where the console cannot write every character."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.sampling import sampled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("encoding", sampled(["ascii", "cp1252", "cp437", "latin-1"], 2))
def test_a_console_of_few_characters(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "partners → Žižka.csv").write_text("id,name,Ž→\nP1,Žižka →,x\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "graphchannel", "load", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"partners \\u2192 " in done.stdout
    # click writes UTF-8 to a console that claims ASCII: that is mostly wrong
    shown = ("'Ž→'".encode(encoding, "backslashreplace"), "'Ž→'".encode())
    assert any(each in done.stderr for each in shown)
