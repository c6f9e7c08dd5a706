"""Which files a load reads: folders, files and globs, in an order that never changes."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.backups import copies
from graphchannel.ingest.readers.content import content_of
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    ".xls": "workbook",
    ".ods": "workbook",
}

_NAMED_ONLY: dict[str, str] = {
    ".txt": "csv",
    ".txt.gz": "csv",
    ".json": "json",
    ".xlsb": "workbook",
}
_SHOWN = 20
_OWN = re.compile(r"\.(duckdb.*|toml|sql|cypher|md)$")  # workspaces, settings, loaders, notes
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r"})


@dataclass(frozen=True, slots=True)
class Found:
    """The files that a load reads, each once; `swept` are those that nobody named outright.

    `passed_over` says in sentences what else there was.
    """

    files: tuple[Path, ...]
    swept: frozenset[Path]
    passed_over: tuple[str, ...]


def find_files(paths: Iterable[str | Path]) -> Found:
    """Return the files that `paths` (files, folders, globs) stand for.

    A folder gives its own readable files by name, not those of folders below. What else is in it is
    said, but for what systems and spreadsheet programs leave behind. A copy such as
    `partners_old.csv` is left to `partners.csv` beside it. Raises InputError for a path that gives
    nothing, or is no file, or whose name graphchannel cannot say.
    """
    files: dict[Path, Path] = {}
    swept: set[Path] = set()
    said: list[str] = []
    for path in paths:
        for file in _expand_one(path, said):
            key = file.resolve()
            if key not in files and file != Path(path):
                swept.add(file)
            files.setdefault(key, file)
    kept = _without_copies(list(files.values()), said)
    return Found(tuple(kept), frozenset(swept), tuple(said))


def format_of(path: Path) -> str:
    """Return the format of a file by its suffix; raise InputError for an unknown one."""
    suffix = _suffix(path)
    if suffix is None:
        raise InputError(
            f"{path}: graphchannel does not read files named like this; "
            f"it reads {', '.join(SUFFIXES)}."
        )
    return {**SUFFIXES, **_NAMED_ONLY}[suffix]


def stem_of(path: Path) -> str:
    """Return the file name without its suffix, also where that has two parts (`.csv.gz`)."""
    return path.name[: len(path.name) - len(_suffix(path) or "")]


def is_litter(entry: Path) -> bool:
    """Tell whether an entry was left behind by systems, spreadsheet programs or graphchannel."""
    name = entry.name.casefold()
    return name.startswith((".", "~$")) or name in _LITTER or _OWN.search(name) is not None


def copies_beside(files: Sequence[Path]) -> dict[Path, str]:
    """Return the files that are copies of others beside them, by name, with a sentence on each."""
    found: dict[Path, str] = {}
    for folder in dict.fromkeys(file.parent for file in files):
        beside = [file for file in files if file.parent == folder]
        for at, other in copies([stem_of(file) for file in beside]).items():
            found[beside[at]] = (
                f"{beside[at]}: its name says that it is a copy of '{other}', which is read; it is "
                "not. To read it, load it alone."
            )
    return found


def readable_beside(files: Iterable[Path]) -> list[Path]:
    """Return all files in the folders of some that are read by their names."""
    folders = dict.fromkeys(file.parent for file in files)
    entries = (entry for folder in folders for entry in sorted(folder.iterdir()))
    return [entry for entry in entries if _suffix(entry) and entry.is_file()]


def _suffix(path: Path) -> str | None:
    name = path.name.lower()
    fitting = [each for each in (*SUFFIXES, *_NAMED_ONLY) if name.endswith(each) and name != each]
    return max(fitting, key=len, default=None)


def _expand_one(path: str | Path, said: list[str]) -> list[Path]:
    given = Path(path)
    _refuse_name(given)
    if given.is_dir():
        return _folder(given, said)
    if given.is_file():
        if _suffix(given) is None:
            content_of(given)  # says what else it may be
        format_of(given)
        return [given]
    if given.exists():
        raise InputError(
            f"{path}: this is a device or a pipe and no file; write what it gives into a file."
        )
    if any(character in str(path) for character in "*?["):
        return _glob(str(path))
    raise InputError(f"{path}: there is no such file or folder.")


def _refuse_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = str(path).encode(errors="surrogateescape").decode(errors="backslashreplace")
        raise InputError(f"{shown}: the name is not UTF-8 text; rename the file.") from None


def _folder(folder: Path, said: list[str]) -> list[Path]:
    entries = [entry for entry in sorted(folder.iterdir()) if not is_litter(entry)]
    for entry in entries:
        _refuse_name(entry)
    found = [entry for entry in entries if entry.is_file() and _suffix(entry) in SUFFIXES]
    if not found:
        raise InputError(
            f"{folder}: the folder holds no file that graphchannel reads "
            f"(it reads {', '.join(SUFFIXES)}, and does not look into folders below)."
        )
    left = [f"{each.name}{'/' * each.is_dir()}" for each in entries if each not in found]
    if left:
        said.append(
            f"{folder}: not read: {listed(left, most=_SHOWN)}. "
            "Name a file or folder outright to read it."
        )
    return found


def _glob(pattern: str) -> list[Path]:
    # glob.glob, because Path.glob takes no absolute pattern
    matches = [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    found = [
        match for match in matches if match.is_file() and _suffix(match) and not is_litter(match)
    ]
    if not found:
        what = f"matches nothing that graphchannel reads ({len(matches)} other paths)"
        raise InputError(f"{pattern}: the pattern {what if matches else 'matches no file'}.")
    for match in found:
        _refuse_name(match)
    return found


def _without_copies(files: list[Path], said: list[str]) -> list[Path]:
    """Leave out the copies of files that stand beside them."""
    left = copies_beside(files)
    said.extend(left.values())
    return [file for file in files if file not in left]
