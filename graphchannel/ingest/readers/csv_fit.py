"""Records of too few or too many fields: what is certain about them, and what is not.

Spreadsheet programs leave out empty fields at the end of a record, and write some too many. So a
short record is padded, and empty fields behind the last column are cut off. It is not certain where
another field of the record is empty, too: any of them may be the one too many, which would shift
all that follow. Nor is it where the file may have been cut within the record.
"""

from __future__ import annotations

_CUT = (
    " and no line end follows it: the file may have been cut. Complete the record, or end its line."
)


def fit(fields: list[str], width: int, *, ended: bool) -> list[str] | str:
    """Return as many fields as there are columns, or why it is not certain which they are."""
    count = len(fields)
    seen = f"The record has {count} field{'s' * (count != 1)}, but the header has {width}"
    if count == width:
        return fields
    if count < width:
        return [*fields, *[""] * (width - count)] if ended else f"{seen},{_CUT}"
    if any(fields[width:]):
        return f"{seen}."
    if all(fields[:width]) or not any(fields):
        return fields[:width]
    one = count == width + 1
    surplus = "field is" if one else f"{count - width} fields are"
    return f"{seen}, and it is not certain which empty {surplus} too many."


def uncertain(fields: list[str], width: int) -> bool:
    """Tell whether a record ends in empty fields too many while others of its fields are empty."""
    surplus = len(fields) > width and not any(fields[width:])
    return surplus and any(fields) and not all(fields[:width])
