"""Find loaders: all of a folder, one by name, the one that fits a source's columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.ingest.loaders.header import Loader, parse_loader
from graphchannel.resources import folder as shipped
from graphchannel.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Loaders:
    """The loaders of a user's folder and the shipped ones.

    An own loader stands in for a shipped one of the same name. `broken` are sentences on the files
    that are none; they do not keep the others from being used.
    """

    own: tuple[Loader, ...]
    shipped: tuple[Loader, ...]
    broken: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Loader]:
        """Give the user's own loaders, then the shipped ones, each by name."""
        return chain(self.own, self.shipped)


def read_loader(path: Path) -> Loader:
    """Read one loader file; raises LoaderError."""
    try:
        if not path.is_file():
            raise LoaderError(f"{path}: there is no such loader file.")
        if path.stat().st_size > _LARGEST:
            raise LoaderError(f"{path}: the file is too large to be a loader.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LoaderError(f"{path}: the loader cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise LoaderError(f"{path}: the loader is not UTF-8 text.") from error
    return parse_loader(path, text)


def all_loaders(folder: Path | None = None) -> Loaders:
    """Read the loaders of `folder` and the shipped ones; what is broken is left out and told."""
    own, broken = _read_all(folder) if folder else ((), ())
    names = {loader.name for loader in own}
    at_hand, wrong = _read_all(shipped("loaders"))
    return Loaders(
        own, tuple(each for each in at_hand if each.name not in names), (*broken, *wrong)
    )


def _read_all(folder: Path) -> tuple[tuple[Loader, ...], tuple[str, ...]]:
    loaders: list[Loader] = []
    broken: list[str] = []
    for path in sorted(folder.glob("*.sql")):
        try:
            loaders.append(read_loader(path))
        except LoaderError as error:
            broken.append(str(error))
    return tuple(loaders), tuple(broken)


def loader_files(paths: Iterable[Path]) -> list[Path]:
    """Return the loader files that `paths`, files or folders, stand for.

    Raises LoaderError for a folder without any.
    """
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.sql")) if path.is_dir() else [path]
        if not found:
            raise LoaderError(f"{path}: the folder holds no loader (a file NAME.sql).")
        files += found
    return files


def find_loader(name: str, folder: Path | None = None) -> Loader:
    """Return the loader called `name`, or the loader file at the path `name`.

    One of `folder` goes before a shipped one. Raises LoaderError if there is none, or it is wrong.
    """
    if name.endswith(".sql"):
        return read_loader(Path(name))
    places = [folder] if folder else []
    places.append(shipped("loaders"))
    for place in places:
        if (place / f"{name}.sql").is_file():
            return read_loader(place / f"{name}.sql")
    names = sorted({each.stem for place in places for each in place.glob("*.sql")})
    raise LoaderError(
        f"There is no loader '{name}' in {' or '.join(map(str, places))} "
        f"(loaders: {', '.join(names) or 'none'}).{did_you_mean(name, names)}"
    )


def lacking(loader: Loader, columns: Iterable[str]) -> list[str]:
    """Return the columns that the loader needs and `columns` do not have."""
    present = {folded(column) for column in columns}
    return [column for column in loader.columns if folded(column) not in present]


def recognise(label: str, columns: Sequence[str], format_: str, loaders: Loaders) -> Loader | None:
    """Return the loader that reads `format_` and has all its columns in a source.

    A user's own goes before a shipped one. None if no loader fits. Raises LoaderError if two do.
    """
    for several in (loaders.own, loaders.shipped):
        fitting = [
            loader for loader in several if format_ in loader.reads and not lacking(loader, columns)
        ]
        if len(fitting) > 1:
            names = " and ".join(f"'{loader.name}'" for loader in fitting)
            raise LoaderError(
                f"{label}: the columns fit loaders {names}; choose one with --loader "
                f"(such as --loader {fitting[0].name})."
            )
        if fitting:
            return fitting[0]
    return None
