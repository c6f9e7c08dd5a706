"""SQL that makes shipment lines of a sender's cells: returns turned round, amounts, ids, serials.

A line is known by what makes it that movement, so that a report sent twice changes nothing: the
sender and seller, the key, then the year, since numbers begin anew each year; of a return its day
instead, since one line may be credited more than once; and the serial number where a row has one.
Without a key, a line is known by all that it says, and by its number among lines that say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.source import RECORD
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphchannel.ingest.senders.model import SenderSection

_WHOLE = r"-?\d{1,14}(\.0*)?"
_SEVERAL = r"[,;|\n]"


def lines_select(sender: str, section: SenderSection, cells: str, present: Collection[str]) -> str:
    """Select `_record`, `_return`, canonical columns, and `_numbers` if there are serial numbers.

    `cells` is the SELECT of the section's cells, `present` the names of those that it has.
    """
    serial = "serial" in present
    steps = [f"cells AS ({cells})", f"signed AS ({_signed(section, present)})"]
    steps.append(f"movements AS ({_movements(sender, section, present)})")
    counted = "SELECT *, units AS told_units, NULL::BIGINT AS numbered FROM movements"
    if serial:
        counted = """SELECT *, CASE
                WHEN _number IS NULL OR numbered <= 1 OR units <= 1 THEN units
                WHEN units = numbered THEN 1 END AS told_units
            FROM (SELECT *, count(DISTINCT _number) OVER (PARTITION BY movement) AS numbered
                  FROM movements)"""
    steps.append(f"counted AS ({counted})")
    return f"WITH {', '.join(steps)} SELECT {', '.join(_columns(present))} FROM counted"


def line_columns(present: Collection[str]) -> tuple[str, ...]:
    """Return the canonical columns that `lines_select` gives for these cells."""
    given = [name for name in present if name not in {"unit_price", "serial", "document_date"}]
    made = ["amount"] if "unit_price" in present else []
    return tuple(dict.fromkeys(["id", *given, *made]))


def serials_select(lines: str) -> str:
    """Select the serial numbers of lines that `lines_select` gave: one a row, several in a cell."""
    several = literal(rf"\s*{_SEVERAL}\s*")
    return f"""SELECT {RECORD}, id AS shipment_id,
            unnest(list_filter(string_split_regex(_numbers, {several}), lambda x: x <> ''))
                AS serial
        FROM {lines} WHERE _numbers IS NOT NULL"""


def _signed(section: SenderSection, present: Collection[str]) -> str:
    """Take the sign off the quantity and say whether the line is a return."""
    negative = "coalesce(starts_with(quantity, '-'), false)"
    worth = [quoted(name) for name in ("amount", "unit_price") if name in present]
    below = "".join(f" OR coalesce(starts_with({name}, '-'), false)" for name in worth)
    is_return = {
        "negative": negative,
        "amount": f"({negative}{below})",
        "all": "true",
        "none": "false",
        "marked": "_marked",
    }[section.returns.sign]
    unsigned = "CASE WHEN _return THEN ltrim(quantity, '-') ELSE quantity END"
    numbers = (
        f"serial AS _numbers, CASE WHEN regexp_matches(serial, {literal(_SEVERAL)}) THEN NULL "
        "ELSE serial END AS _number,"
        if "serial" in present
        else ""
    )
    return f"""SELECT *, {unsigned} AS _quantity, {numbers}
            CASE WHEN regexp_full_match({unsigned}, {literal(_WHOLE)})
                THEN TRY_CAST({unsigned} AS DECIMAL(18, 0)) END AS units
        FROM (SELECT *, {is_return} AS _return FROM cells)"""


def _movements(sender: str, section: SenderSection, present: Collection[str]) -> str:
    """Say of each line what makes it that movement."""
    if "id" in present:
        return "SELECT *, id AS movement FROM signed"
    begin = f"{literal(sender)} || ':' || seller_id"
    if section.key:
        parts = "".join(f" || ':' || _key_{at}" for at in range(len(section.key)))
        day = "coalesce(document_date, shipped_on)" if "document_date" in present else "shipped_on"
        year = rf"coalesce(nullif(regexp_extract({day}, '\b(19|20)\d\d\b'), ''), '?')"
        when = f"CASE WHEN _return THEN 'return:' || shipped_on ELSE {year} END"
        return f"SELECT *, {begin}{parts} || ':' || {when} AS movement FROM signed"
    said = ", ".join(f"coalesce({quoted(name)}, '')" for name in sorted(present))
    return f"""SELECT *, {begin} || ':' || _said || ':'
                || row_number() OVER (PARTITION BY _said ORDER BY {RECORD}) AS movement
            FROM (SELECT *, left(md5(concat_ws(chr(31), {said})), 16) AS _said FROM signed)"""


def _columns(present: Collection[str]) -> list[str]:
    """Return the columns of a line: a return goes the other way, and worth what it was."""
    made = {
        "id": "movement || coalesce(':' || _number, '')" if "serial" in present else "movement",
        "seller_id": "CASE WHEN _return THEN buyer_id ELSE seller_id END",
        "buyer_id": "CASE WHEN _return THEN seller_id ELSE buyer_id END",
        # goods of a return went where the seller is, not where they had been shipped to
        "ship_to_city_id": "CASE WHEN NOT _return THEN ship_to_city_id END",
        "quantity": """CASE WHEN told_units IS NOT NULL THEN told_units::VARCHAR
            WHEN units IS NULL THEN quantity
            ELSE quantity || ' on each of ' || numbered || ' rows with a serial number' END""",
        "amount": "CASE WHEN _return THEN ltrim(amount, '-') ELSE amount END",
    }
    if "id" in present:
        made["id"] = "id"
    if "unit_price" in present:
        price = (
            "CASE WHEN regexp_full_match(unit_price, '-?\\d{1,14}(\\.\\d{0,8})?')"
            " THEN TRY_CAST(unit_price AS DECIMAL(24, 8)) END"
        )
        # below 0, and no return: it stays as it is, and the line is rejected
        paid = f"CASE WHEN _return THEN abs({price}) WHEN {price} >= 0 THEN {price} END"
        worth = f"round(told_units * {paid}, 4)"
        made["amount"] = (
            f"CASE WHEN {worth} IS NULL THEN unit_price"
            f" ELSE regexp_replace({worth}::VARCHAR, '\\.?0+$', '') END"
        )
    columns = [
        f"{made.get(name, quoted(name))} AS {quoted(name)}" for name in line_columns(present)
    ]
    numbers = ["_numbers"] if "serial" in present else []
    return [RECORD, "_return", *columns, *numbers]
