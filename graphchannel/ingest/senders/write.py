"""Write a proposal as a sender file that people read, answer and confirm."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.propose import similar
from graphchannel.schema import table as canonical
from graphchannel.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphchannel.ingest.senders.look import Look
    from graphchannel.ingest.senders.propose import Proposal, Proposed

_WIDTH = 88
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august"
    "|september|october|november|december|januar|februar|märz|maerz|mai|juni|juli|oktober|okt"
    "|dezember|dez|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre"
    "|novembre|décembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    "|octubre|noviembre|diciembre"
)
_PERIOD = re.compile(
    rf"(?<![^\W_])(?:{_MONTHS}|(?:(?:kw|cw|wk|week|q|h|fy)[\W_]?)?\d+)(?![^\W_])", re.IGNORECASE
)


def sender_name(stem: str) -> str:
    """Return a name for a sender, after a file: what is left of it without period and signs.

    >>> sender_name("POS Rotkamp 2015-06 (June)")
    'pos-rotkamp'
    """
    words = re.findall(r"\w+", _PERIOD.sub(" ", stem.casefold()).replace("_", " "))
    return "-".join(words) or "sender"


def file_pattern(name: str) -> str:
    """Return a pattern for files that are named like one, in any period.

    A name that is nothing but a period stays: its pattern would claim the files of others.

    >>> file_pattern("pos-june-2015.csv"), file_pattern("june.csv")
    ('pos-*.csv', 'june.csv')
    """
    stem, dot, suffix = name.partition(".")
    pattern = re.sub(r"\*(?:[\W_]*\*)+", "*", _PERIOD.sub("*", stem))
    return f"{pattern}{dot}{suffix}" if re.search(r"[^\W_]", pattern) else name


def sender_text(proposal: Proposal) -> str:
    """Return the text of a sender file; what is open stands as `?`, with `# ?` before it."""
    name = _encodable(proposal.look.path.name)
    lines = [
        f"# A proposal, made of {visible(name)}. Look it through: lines that begin with '# ?' are",
        '# questions, and each "?" needs an answer. Then set confirmed = true; nothing is loaded',
        "# before.",
        'about = ""',
        "confirmed = false",
        *_asked("Which files come from this sender? As narrow as their names allow."),
        f"files = [{_text(file_pattern(name))}]",
    ]
    if proposal.unread:
        listed = ", ".join(map(_text, proposal.unread))
        lines += [*_asked("These columns are not read. Is there nothing in them that counts?")]
        lines.append(f"ignore = [{listed}]")
    lines += _table("read", _reading(proposal))
    lines += _table("values", _values(proposal))
    lines += ["", f"[{proposal.table}]  # {canonical(proposal.table).doc}"]
    lines += _lines_of(proposal)
    return "\n".join(lines) + "\n"


def _encodable(name: str) -> str:
    """Put `?` in place of bytes of a file name that are no UTF-8; in a pattern it fits them."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _asked(question: str) -> list[str]:
    lines = textwrap.wrap(question, _WIDTH - len("# ? "), break_long_words=False)
    return [f"# ? {line}" if not at else f"#   {line}" for at, line in enumerate(lines)]


def _reading(proposal: Proposal) -> list[str]:
    look, reading = proposal.look, proposal.look.reading
    lines = []
    if reading.encoding:
        lines += _asked(
            "The file is not UTF-8. Are names right so? Polish ones may be cp1250, Russian cp1251, "
            "Japanese cp932, Chinese gbk."
        )
        lines.append(f"encoding = {_text(reading.encoding)}")
    if reading.delimiter:
        lines.append(f"delimiter = {_text(reading.delimiter)}")
    lines += _sheets(look)
    alike = [each for each in look.others if similar(look, each)]
    if reading.header_row and all(each.reading.header_row == reading.header_row for each in alike):
        lines.append(f"header_row = {reading.header_row}")
    if reading.footer:
        lines += _asked("The records end above the row that begins so.")
        lines.append(f"footer = {_text(reading.footer)}")
    if look.subtotals:
        lines += _asked(
            f"Rows that begin or end so, such as '{look.sums[0]}', are sums and no lines."
        )
        lines.append(f"subtotals = {_text(look.subtotals)}")
    return lines


def _sheets(look: Look) -> list[str]:
    """Say of the other sheets which are read as well: those that have the columns."""
    if not look.others:
        return []
    names = [str(each.sheet) for each in look.others if similar(look, each)]
    if not names:
        return [
            *_asked("Which sheet? A * stands for anything."),
            f"sheet = {_text(str(look.sheet))}",
        ]
    listed = _listed([str(look.sheet), *names])
    return [*_asked(f"Sheets with these columns are read: {listed}."), 'sheet = "*"']


def _values(proposal: Proposal) -> list[str]:
    lines = []
    if proposal.dates:
        if proposal.dates == "?":
            lines += _asked('Day first ("dmy") or month first ("mdy")? The dates leave it open.')
        lines.append(f"dates = {_text(proposal.dates)}")
    if proposal.decimal:
        if proposal.decimal == "?":
            lines += _asked('Which is the decimal sign, "." or ","? The numbers leave it open.')
        lines.append(f"decimal = {_text(proposal.decimal)}")
    if proposal.times:
        lines += _asked("The dates have times. Are these the days where the goods were?")
        lines.append("drop_times = true")
    if proposal.beside:
        lines += _asked("These stand beside numbers and are left out. Is each worth the same?")
        lines.append(f"beside = [{', '.join(map(_text, proposal.beside))}]")
    return lines


def _lines_of(proposal: Proposal) -> Iterable[str]:
    for question in proposal.key_questions:
        yield from _asked(question)
    if proposal.key:
        yield f"key = [{', '.join(map(_text, proposal.key))}]"
    if isinstance(proposal.returns, tuple):
        column, marks = proposal.returns
        values = ", ".join(map(_text, marks))
        yield from _asked("Do these values mark the returns?")
        yield f"returns = {{ column = {_text(column)}, values = [{values}] }}"
    elif proposal.returns:
        yield f"returns = {_text(proposal.returns)}"
    for name, cell in proposal.cells.items():
        for question in cell.questions:
            yield from _asked(question)
        yield f"{name} = {_cell(cell)}"


def _cell(cell: Proposed) -> str:
    if not cell.headers:
        return f"{{ value = {_text(cell.value or '')} }}"
    if len(cell.headers) == 1 and not (cell.map or cell.names or cell.fill_down):
        return _text(cell.headers[0])
    column = ", ".join(map(_text, cell.headers))
    parts = [f"column = {f'[{column}]' if cell.headers[1:] else column}"]
    parts += [f"map = {_map(cell.map)}"] if cell.map else []
    parts += ["names = true"] if cell.names else []
    parts += ["fill_down = true"] if cell.fill_down else []
    return f"{{ {', '.join(parts)} }}"


def _map(values: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{_text(key)} = {_text(value)}' for key, value in values.items())} }}"


def _table(name: str, lines: list[str]) -> list[str]:
    return ["", f"[{name}]", *lines] if lines else []


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _text(value: str) -> str:
    """Write a TOML text; JSON's form is one, but for the one control character that it leaves."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
