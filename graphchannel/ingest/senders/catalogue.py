"""Find senders: all of some folders, one by name, the one that a file is of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import SenderError, did_you_mean
from graphchannel.ingest.senders.read import read_sender
from graphchannel.ingest.source import fits
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphchannel.ingest.senders.model import Sender

FOLDER = Path("senders")  # in the working directory


@dataclass(frozen=True, slots=True)
class Senders:
    """The senders of some folders; `broken` are sentences on the files that are none."""

    all: tuple[Sender, ...]
    broken: tuple[str, ...] = ()

    def of_file(self, path: Path) -> Sender | None:
        """Return the sender whose `files` a file is one of; raise SenderError if two claim it."""
        return only(path.name, [each for each in self.all if _claims(each, path)])


def all_senders(folders: Iterable[Path]) -> Senders:
    """Read the senders of some folders; what is broken is left out and told.

    A name that stands in a later folder again is that of the later one.
    """
    found: dict[str, Sender] = {}
    broken: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                found[path.stem] = read_sender(path)
            except SenderError as error:
                broken.append(str(error))
    return Senders(tuple(found.values()), tuple(broken))


def find_sender(name: str, folders: Sequence[Path]) -> Sender:
    """Return the sender called `name`, or of the file at the path `name`.

    Raise SenderError if there is none, or it is wrong.
    """
    if name.endswith(".toml"):
        return read_sender(Path(name))
    for folder in reversed(folders):
        if (folder / f"{name}.toml").is_file():
            return read_sender(folder / f"{name}.toml")
    names = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise SenderError(
        f"There is no sender '{name}' in {' or '.join(map(str, folders)) or FOLDER} "
        f"(senders: {', '.join(names) or 'none'}).{did_you_mean(name, names)}"
    )


def same_header(name: str) -> str:
    r"""Return what is compared of a header: neither case, nor blanks and line breaks of any kind.

    >>> same_header("Date\nd'Expédition") == same_header("date d'expédition ")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def lacking(sender: Sender, columns: Iterable[str]) -> list[str]:
    """Return the headers that the sender needs and `columns` do not have."""
    present = {same_header(column) for column in columns}
    missing: list[str] = []
    for section in sender.sections:
        table = canonical(section.table)
        required = {column.name for column in table.columns if column.required}
        for name, cell in section.cells.items():
            needed = name in required and cell.value is None
            if needed and not any(same_header(each) in present for each in cell.columns):
                missing.append(cell.columns[0])
        others = (*section.key, section.returns.column)
        missing += [each for each in others if each and same_header(each) not in present]
    return list(dict.fromkeys(missing))


def only(label: str, fitting: Sequence[Sender]) -> Sender | None:
    """Return the one sender that fits, None if none does; raise SenderError if several do."""
    if len(fitting) > 1:
        names = " and ".join(f"'{sender.name}'" for sender in fitting)
        raise SenderError(
            f"{label}: senders {names} fit; choose one with --sender (such as --sender "
            f"{fitting[0].name})."
        )
    return fitting[0] if fitting else None


def refuse_open(sender: Sender) -> None:
    """Raise SenderError unless the sender is confirmed and has no open question."""
    if sender.open:
        raise SenderError(
            f"{sender.path}: still to be answered: {', '.join(sender.open)}; nothing is loaded "
            "before. Put the answer in place of each '?', then set confirmed = true."
        )
    if not sender.confirmed:
        raise SenderError(
            f"{sender.path}: the sender is not confirmed; nothing is loaded before. Look it "
            "through, then set confirmed = true."
        )


def _claims(sender: Sender, path: Path) -> bool:
    return any(fits(path, pattern) for pattern in sender.files)
