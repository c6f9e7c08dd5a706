"""What a file really is, by its first bytes: names are wrong more often than one thinks."""

from __future__ import annotations

import codecs
import re
import zipfile
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.streams import is_gzip, open_bytes

if TYPE_CHECKING:
    from pathlib import Path

XLSX, XLS, ODS = "XLSX", "XLS", "ODS"
PARQUET, TEXT, JSON = "Parquet", "text", "JSON"
WORKBOOKS = frozenset({XLSX, XLS, ODS})

_START = 1 << 16
_MOST_SEARCHED = 1 << 26
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_XLS = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RESAVE = "open it in a spreadsheet program and save it as XLSX or CSV"
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_MARK = b"\xef\xbb\xbf\xff\xfe"  # whatever of it stands before the text
_UNPACK = "unpack it and load the files in it"
_EXPORT = "export its tables as CSV or Parquet"
_EXPORT_LIST = "have it exported as a spreadsheet, or as text with tabs or semicolons"
_CONVERT = "have its lines sent as CSV or XLSX"
# By how the file begins: what it is, and what to do.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _CONVERT),
    (b"SQLite format 3\0", "an SQLite database", _EXPORT),
    (b"Rar!", "an archive", _UNPACK),
    (b"7z\xbc\xaf", "an archive", _UNPACK),
    (b"BZh", "an archive", _UNPACK),
    (b"\xfd7zXZ", "an archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "an archive", _UNPACK),
    (b"{\\rtf", "a text document", _CONVERT),
    (b"\x89PNG", "an image", _CONVERT),
    (b"\xff\xd8\xff", "an image", _CONVERT),
)
_HTML = re.compile(r"(<\?xml[^>]*>\s*)?<(!doctype html|html|head|body|meta|table|div|style)\b")
_RULE = r"[-+|]{9,}+[ \r]*+"  # as SAP and databases draw it
_RULED = re.compile(rf"(?:[^\n]*+\n){{0,20}}?{_RULE}\n[|][^\n]*+\n{_RULE}(?:\n|$)")
_X12 = re.compile(r"ISA(.).{2}\1.{10}\1")
_X12_SET = re.compile(r"ST(?P<separator>[^A-Za-z0-9\s])(?P<set>\d{3})(?P=separator)")
_EDIFACT = re.compile(r"(UNA.{6}\s*)?UNB[+:]")
_EDIFACT_TYPE = re.compile(r"UNH.[^+]*\+([A-Z]{6})")


def content_of(path: Path) -> str:
    """Return what a file is: one of the constants above.

    Raises InputError with what to do for a file that is something else. A file that is cut within
    an archive is what its name says; its reader will tell more.
    """
    with path.open("rb") as stream:
        start = stream.read(_START)
    if is_gzip(path):
        with open_bytes(path) as unpacked:
            start = unpacked.read(_START)
    for begins, what, advice in _OTHERS:
        if start.startswith(begins):
            raise _refused(path, what, advice)
    if start[8:12] == b"DUCK":
        raise _refused(path, "a DuckDB database", _EXPORT)
    if start.startswith(b"PAR1"):
        return PARQUET
    if start.startswith(_ZIP):
        return _archive(path)
    if start.startswith(_OLE):
        return _compound(path)
    if _OLD_XLS.match(start):
        return XLS
    return _text(path, start)


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        return ODS if path.suffix.casefold() == ".ods" else XLSX
    if "xl/workbook.bin" in names:
        raise _refused(path, "a binary workbook (XLSB)", "save it as XLSX")
    if any(name.startswith("xl/") or name.endswith("/workbook.xml") for name in names):
        return XLSX
    if "content.xml" in names:
        return ODS
    raise _refused(path, "an archive", _UNPACK)


def _compound(path: Path) -> str:
    with path.open("rb") as stream:
        if _ENCRYPTED in stream.read(_MOST_SEARCHED):
            raise InputError(f"{path}: the workbook has a password; save it without one.")
    return XLS


def _text(path: Path, start: bytes) -> str:
    text = start.replace(b"\0", b"").lstrip(_MARK).decode("latin-1").lstrip()
    lowered = text[:2000].casefold()
    if _HTML.match(lowered):
        raise _refused(path, "an HTML page", _RESAVE)
    if lowered.startswith("<"):
        of_office = "schemas-microsoft-com:office:spreadsheet" in lowered
        what = "an XML spreadsheet of 2003" if of_office else "an XML document"
        raise _refused(path, what, _RESAVE if of_office else _CONVERT)
    if _X12.match(text):
        found = _X12_SET.search(text)
        raise _refused(path, f"an EDI message (X12{' ' + found['set'] if found else ''})", _CONVERT)
    if _EDIFACT.match(text):
        kind = _EDIFACT_TYPE.search(text)
        name = f"EDIFACT{' ' + kind[1] if kind else ''}"
        raise _refused(path, f"an EDI message ({name})", _CONVERT)
    if text.startswith(("{", "[")):
        if '"EPCISDocument"' in text:
            raise _refused(path, "an EPCIS document of events", _CONVERT)
        return JSON
    if _RULED.match(text):
        raise _refused(path, "a printed list with lines around its cells", _EXPORT_LIST)
    if _is_binary(start):
        raise InputError(
            f"{path}: the file is neither text nor of any format that graphchannel reads; "
            f"{_CONVERT}."
        )
    return TEXT


def _is_binary(start: bytes) -> bool:
    """Tell whether bytes are no text, in UTF-16 neither."""
    if start.startswith(_MARKS):
        return False
    nulls = start.count(0)
    if nulls * 20 > len(start):  # UTF-16 has them at every other place
        return max(start[::2].count(0), start[1::2].count(0)) * 20 < nulls * 19
    controls = bytes(each for each in range(32) if each not in b"\0\t\n\f\r\x1a\x1b")
    return (len(start) - len(start.translate(None, controls))) * 20 > len(start)


def _refused(path: Path, what: str, advice: str) -> InputError:
    return InputError(f"{path}: the file is {what}, which graphchannel does not read; {advice}.")
