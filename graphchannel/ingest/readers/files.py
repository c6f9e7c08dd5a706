"""Which files a load reads: folders, files and globs, in an order that never changes."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES: dict[str, str] = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".tsv": "csv",
    ".tsv.gz": "csv",
    ".parquet": "parquet",
    ".jsonl": "json",
    ".jsonl.gz": "json",
    ".ndjson": "json",
    ".ndjson.gz": "json",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xlsb": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
}


def expand(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files that `paths` (files, folders, globs) stand for, each once.

    A folder gives its own readable files by name, not those of folders below; anything else in it
    (a README, a lock file of a spreadsheet program) is left alone. Raises InputError for a path
    that gives nothing or a file named outright whose suffix nobody reads.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        for file in _expand_one(path):
            files.setdefault(file.resolve(), file)
    return list(files.values())


def format_of(path: Path) -> str:
    """Return the format of a file by its suffix; raise InputError for an unknown one."""
    suffix = _suffix(path)
    if suffix is None:
        raise InputError(
            f"{path}: graphchannel does not read files named like this; "
            f"it reads {', '.join(SUFFIXES)}."
        )
    return SUFFIXES[suffix]


def stem_of(path: Path) -> str:
    """Return the file name without its suffix, also where that has two parts (`.csv.gz`)."""
    return path.name[: len(path.name) - len(_suffix(path) or "")]


def _suffix(path: Path) -> str | None:
    name = path.name.lower()
    fitting = [suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix]
    return max(fitting, key=len, default=None)


def _expand_one(path: str | Path) -> list[Path]:
    given = Path(path)
    if given.is_dir():
        return _folder(given)
    if given.exists():
        format_of(given)
        return [given]
    if any(character in str(path) for character in "*?["):
        return _glob(str(path))
    raise InputError(f"{path}: there is no such file or folder.")


def _folder(folder: Path) -> list[Path]:
    found = [file for file in sorted(folder.iterdir()) if file.is_file() and _is_source(file)]
    if not found:
        raise InputError(
            f"{folder}: the folder holds no file that graphchannel reads "
            f"(it reads {', '.join(SUFFIXES)}, and does not look into folders below)."
        )
    return found


def _glob(pattern: str) -> list[Path]:
    # glob.glob, because Path.glob takes no absolute pattern
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    found = [match for match in matches if match.is_file() and _is_source(match)]
    if not found:
        what = f"matches nothing that graphchannel reads ({len(matches)} other paths)"
        raise InputError(f"{pattern}: the pattern {what if matches else 'matches no file'}.")
    return found


def _is_source(file: Path) -> bool:
    return _suffix(file) is not None and not file.name.startswith((".", "~$"))
