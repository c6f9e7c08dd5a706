"""An XLSX workbook: its sheets, and what they share (ECMA-376 part 1, transitional and strict)."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from typing import TYPE_CHECKING

from graphchannel.ingest.readers.workbooks.cells import GENERAL, Sheet, of_text
from graphchannel.ingest.readers.workbooks.xlsx_rows import TRUE, Book, number, read_rows, unescaped

if TYPE_CHECKING:
    from graphchannel.ingest.readers.workbooks.package import Attributes, Package

_MAIN = "xl/workbook.xml"
# 18.8.30: the formats that have a number alone; of the others, "0" will do.
_BUILT_IN = {
    0: GENERAL,
    **dict.fromkeys((14, 15, 17, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    16: "d-mmm",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
    46: "[h]:mm:ss",
}
_OWN = re.compile(r"(?:.*:)?id", re.IGNORECASE)


def xlsx_sheets(package: Package) -> list[Sheet]:
    """Return the worksheets in the order of their tabs; charts and macros are none."""
    main = _main_part(package)
    targets = _relations(package, main)
    since_1904 = recalculated = False
    named: list[tuple[str, bool, str]] = []
    for tag, attributes, _ in package.elements(main):
        if tag == "workbookPr":
            since_1904 = attributes.get("date1904") in TRUE
        elif tag == "calcPr":
            recalculated = attributes.get("fullCalcOnLoad") in TRUE
        elif tag == "sheet":
            kind, target = targets.get(_relation_of(attributes), ("", ""))
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                named.append((attributes.get("name", ""), hidden, target))
    parts = dict(targets.values())
    strings = _strings(package, parts.get("sharedStrings", "xl/sharedStrings.xml"))
    formats = _formats(package, parts.get("styles", "xl/styles.xml"))
    book = Book(package, strings, formats, since_1904, recalculated)
    return [Sheet(name, hidden, partial(read_rows, book, part)) for name, hidden, part in named]


def _relation_of(attributes: Attributes) -> str:
    return next((value for key, value in attributes.items() if _OWN.fullmatch(key)), "")


def _main_part(package: Package) -> str:
    for kind, target in _relations(package, "").values():
        if kind == "officeDocument":
            return target
    return _MAIN


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and target of each relation of a part, by its id."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if not package.has(relations):
        return {}
    found = {}
    for tag, attributes, _ in package.elements(relations):
        if tag == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attributes.get("Id", "")] = (kind, place)
    return found


def _strings(package: Package, part: str) -> list[str | None]:
    """Return the texts that cells refer to by number; readings of Asian scripts are none."""
    if not package.has(part):
        return []
    strings: list[str | None] = []
    pieces: list[str] = []
    for tag, _, text in package.elements(part):
        if tag == "t":
            pieces.append(text)
        elif tag == "rPh" and pieces:
            pieces.pop()
        elif tag == "si":
            strings.append(of_text(unescaped("".join(pieces))).text)
            pieces.clear()
    return strings


def _formats(package: Package, part: str) -> list[str]:
    """Return the format code of each cell style, by its number."""
    if not package.has(part):
        return []
    codes: dict[int, str] = dict(_BUILT_IN)
    used: list[int] = []
    for tag, attributes, _ in package.elements(part):
        if tag == "numFmt":
            codes[number(attributes.get("numFmtId"))] = attributes.get("formatCode", GENERAL)
        elif tag == "xf":
            used.append(number(attributes.get("numFmtId")))
        elif tag == "cellStyleXfs":
            used.clear()  # these are styles by name; those of cells follow
        elif tag == "cellXfs":
            break
    return [codes.get(each, "0") for each in used]
