"""Find loaders: all of a folder, one by name, the one that fits a source's columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.ingest.loaders.header import Loader, folded, parse_loader
from graphchannel.resources import folder as shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def loaders_folder(folder: Path | None) -> Path:
    """Return the folder that loaders are looked up in: the given one, else the shipped one."""
    return folder or shipped("loaders")


def read_loader(path: Path) -> Loader:
    """Read one loader file; raises LoaderError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LoaderError(f"{path}: the loader cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise LoaderError(f"{path}: the loader is not UTF-8 text.") from error
    return parse_loader(path, text)


def all_loaders(folder: Path | None = None) -> tuple[Loader, ...]:
    """Read every loader of a folder, by name; raises LoaderError for the first that is wrong."""
    return tuple(read_loader(path) for path in loader_files([loaders_folder(folder)]))


def loader_files(paths: Iterable[Path]) -> list[Path]:
    """Return the loader files that `paths`, files or folders, stand for; LoaderError if none."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.sql")) if path.is_dir() else [path]
        if not found:
            raise LoaderError(f"{path}: the folder holds no loader (a file NAME.sql).")
        files += found
    return files


def find_loader(name: str, folder: Path | None = None) -> Loader:
    """Return the loader called `name`, or the loader file at the path `name`."""
    if name.endswith(".sql"):
        return read_loader(Path(name))
    place = loaders_folder(folder)
    path = place / f"{name}.sql"
    if not path.is_file():
        names = [each.stem for each in sorted(place.glob("*.sql"))]
        raise LoaderError(
            f"There is no loader '{name}' in {place} (loaders: {', '.join(names) or 'none'})."
            f"{did_you_mean(name, names)}"
        )
    return read_loader(path)


def lacking(loader: Loader, columns: Iterable[str]) -> list[str]:
    """Return the columns that the loader needs and `columns` do not have."""
    present = {folded(column) for column in columns}
    return [column for column in loader.columns if folded(column) not in present]


def recognise(
    label: str, columns: Sequence[str], format_: str, folder: Path | None = None
) -> Loader | None:
    """Return the loader that reads `format_` and has all its columns in a source.

    None if no loader fits. Raises LoaderError if two do.
    """
    fitting = [
        loader
        for loader in all_loaders(folder)
        if format_ in loader.reads and not lacking(loader, columns)
    ]
    if len(fitting) > 1:
        names = " and ".join(f"'{loader.name}'" for loader in fitting)
        raise LoaderError(
            f"{label}: the columns fit loaders {names}; choose one with --loader "
            f"(such as --loader {fitting[0].name})."
        )
    return fitting[0] if fitting else None
