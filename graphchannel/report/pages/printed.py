"""The report on paper: its page printed into a PDF file by a Chromium that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from graphchannel.errors import GraphChannelError
from graphchannel.files import replacing, write_whole

__all__ = ["chromium", "write_page"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 300  # seconds


def chromium() -> str:
    """Return the program that prints. Raises GraphChannelError where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise GraphChannelError(
            "A PDF is printed by Chromium or Chrome, and none is installed; install one, or write "
            "an .html file and print it from a browser."
        )
    return found


def write_page(page: str, file: Path, kind: str) -> None:
    """Write a page as `html` or `pdf`. Raises GraphChannelError where it cannot be printed."""
    if kind == "html":
        write_whole(file, page)
    else:
        _print(page, file)


def _print(page: str, file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="graphchannel-") as name:
        folder = Path(name)
        source, printed = folder / "report.html", folder / "report.pdf"
        source.write_text(page, "utf-8")
        ran = subprocess.run(  # noqa: S603 - a program of the system on files of our own
            [
                chromium(),
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                f"--user-data-dir={folder / 'profile'}",
                *(["--no-sandbox"] if _is_root() else []),  # it refuses to start for root with one
                "--no-pdf-header-footer",
                f"--print-to-pdf={printed}",
                source.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        if ran.returncode or not printed.is_file():
            raise GraphChannelError(
                f"{file}: Chromium printed nothing: {ran.stderr.strip()[-300:]}"
            )
        with replacing(file, binary=True) as stream:
            stream.write(printed.read_bytes())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
