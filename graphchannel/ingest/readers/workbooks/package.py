"""The parts of a zipped workbook (XLSX, ODS), and their XML: nothing is fetched, nothing swells.

What a part holds is bounded by the size that the archive announces, and that by the size of the
archive. Document types are refused: entities are the only use that anybody would have of one.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from graphchannel.errors import InputError
from graphchannel.ingest.readers.streams import MOST_SWOLLEN, SMALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHUNK = 1 << 18
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    NotImplementedError,  # of compressions that nobody uses
    UnicodeDecodeError,  # of names of parts
)

Attributes = dict[str, str]


class Handlers(NamedTuple):
    """What is told while a part is read: elements by their name without a prefix, and text."""

    start: Callable[[str, Attributes], None]
    end: Callable[[str], None]
    text: Callable[[str], object]


class Element(NamedTuple):
    """An element that ended: its name without a prefix, its attributes, the text in it."""

    tag: str
    attributes: Attributes
    text: str


@dataclass(frozen=True, slots=True)
class Package:
    """An open archive; names of parts have slashes, whoever wrote them, and no case."""

    path: Path
    archive: zipfile.ZipFile
    names: dict[str, zipfile.ZipInfo]

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return _plain(name) in self.names

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part, none if it is missing."""
        info = self.names.get(_plain(name))
        if info is not None:
            with self.archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk

    def parse(self, name: str, handlers: Handlers) -> Iterator[None]:
        """Tell the handlers what a part holds, a piece between one step and the next.

        Raises InputError for a part that is missing or declares a document type.
        """
        if not self.has(name):
            raise InputError(f"{self.path}: the workbook lacks its part '{name}'; save it anew.")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.text
        for chunk in self.pieces(name):
            try:
                parser.Parse(chunk, False)  # noqa: FBT003 - its arguments have no names
            except (LookupError, ValueError) as error:
                if "encoding" not in str(error):
                    raise
                raise zipfile.BadZipFile(str(error)) from error
            yield
        parser.Parse(b"", True)  # noqa: FBT003 - as above
        yield

    def elements(self, name: str) -> Iterator[Element]:
        """Yield the elements of a part as they end; text of an element is what follows its start.

        For parts that are read once: it is far slower than `parse`.
        """
        ended: list[Element] = []
        opened: list[tuple[str, Attributes]] = []
        text: list[str] = []

        def start(tag: str, attributes: Attributes) -> None:
            opened.append((tag.rpartition(":")[2], attributes))
            text.clear()

        def end(_: str) -> None:
            ended.append(Element(*opened.pop(), "".join(text)))
            text.clear()

        for _ in self.parse(name, Handlers(start, end, text.append)):
            yield from ended
            ended.clear()

    def _refuse_doctype(self, *_: object) -> None:
        raise InputError(
            f"{self.path}: the workbook declares a document type, as no spreadsheet program does; "
            "it is not read."
        )


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open an archive; raise InputError, also later, if it is damaged, encrypted or swollen."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if any(info.flag_bits & 1 for info in infos):
                raise InputError(f"{path}: the workbook has a password; save it without one.")
            if any(info.header_offset < 0 for info in infos):  # bytes before it are gone
                raise zipfile.BadZipFile("its parts are not where it says")
            if sum(info.file_size for info in infos) > most_swollen(path):
                raise InputError(
                    f"{path}: the workbook swells to more than {MOST_SWOLLEN} times its size; no "
                    "table does. Nothing of it is loaded."
                )
            yield Package(path, archive, {_plain(info.filename): info for info in infos})
    except _DAMAGED as error:
        raise InputError(
            f"{path}: the file cannot be read as a workbook ({_first_line(error)}): it was cut or "
            "damaged. Have it sent again, or open it and save it anew."
        ) from error


def most_swollen(path: Path) -> int:
    """Return how many bytes the content of a compressed file may have."""
    return max(SMALL, MOST_SWOLLEN * path.stat().st_size)


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", maxsplit=1)[0].rstrip(".") or type(error).__name__


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
