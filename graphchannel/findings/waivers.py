"""Waivers: exceptions that somebody approved, for whole lines within an interval.

A waiver covers the lines of its rule and subject, of its object and product where it names them,
that were shipped from its first to its last day; a finding without lines it covers when the as-of
day lies in the interval, one over paths when it covers the lines on which the goods arrived. It may
name several rules, with blanks between them: two findings of the same lines then need one waiver.
With a `max_quantity` or a `max_value` it covers so much in shipping order, and no finding without
lines: see `findings.waiver_caps`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.findings.tables import LINE, NODE, RULE, SAME_FINDING, WAIVED, WAIVER
from graphchannel.findings.waiver_caps import CappedLine, CapUse, shares
from graphchannel.findings.waiver_outcome import WaiverOutcome
from graphchannel.text import counted, joined

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    import duckdb

    from graphchannel.findings.tables import ScanTables
    from graphchannel.findings.waiver_caps import WaivedShare
    from graphchannel.findings.waiver_outcome import WaiverStatus

__all__ = ["apply_waivers", "has_caps", "sentence", "waiver_outcomes"]

_WAIVERS = rf"""
SELECT row_number() OVER (ORDER BY w.rule, subject_id, object_id NULLS FIRST,
                                   product_id NULLS FIRST, valid_from) AS number,
       w.rule, subject_id, object_id, product_id, valid_from, valid_to, max_quantity, approver,
       reason, max_value, currency, (SELECT list(r.number) FROM {RULE} r
                WHERE list_contains(regexp_split_to_array(trim(w.rule), '\s+'), r.id))
FROM main.waivers w
"""
_OF_WAIVERS = f"""
{LINE} l JOIN {WAIVER} w ON w.subject_id = l.subject AND list_contains(w.rule_numbers, l.rule)
"""
_UNCAPPED = "(w.max_quantity IS NULL AND w.max_value IS NULL)"
_FITTING = """
l.arrives AND (w.object_id IS NULL OR w.object_id = l.object)
AND (w.product_id IS NULL OR w.product_id = l.product_id)
AND l.shipped_on BETWEEN w.valid_from AND w.valid_to
"""
_WAIVED_LINES = f"""
SELECT w.number, l.rule, l.subject, l.object, l.identity, l.shipment, l.quantity, l.quantity
FROM {_OF_WAIVERS}
WHERE l.counted AND {_UNCAPPED} AND {_FITTING}
"""
# Lines that the scan does not count use a cap up all the same, where they were shipped before.
_CAPPED_LINES = f"""
SELECT w.number, w.max_quantity, w.max_value, l.rule, l.subject, l.object, l.identity, l.shipment,
       l.quantity, CASE WHEN l.currency = w.currency THEN l.amount END, l.counted
FROM {_OF_WAIVERS}
LEFT JOIN {WAIVED} done ON {SAME_FINDING.format("done", "l")} AND done.shipment = l.shipment
WHERE NOT {_UNCAPPED} AND {_FITTING} AND done.shipment IS NULL
ORDER BY w.number, l.shipped_on, l.shipment, l.rule, l.subject, l.object, l.identity
"""
_WAIVED_NODES = f"""
SELECT DISTINCT w.number, n.rule, n.subject, n.object, n.identity, NULL, NULL, NULL
FROM {NODE} n
JOIN {WAIVER} w ON w.subject_id = n.subject AND list_contains(w.rule_numbers, n.rule)
WHERE {_UNCAPPED} AND w.product_id IS NULL
    AND (w.object_id IS NULL OR w.object_id = n.object)
    AND $as_of::DATE BETWEEN w.valid_from AND w.valid_to
"""
_OUTCOMES = f"""
SELECT w.rule, subject_id, object_id, product_id, valid_from, valid_to, approver, reason,
       max_quantity, max_value, currency, coalesce(used.rows, 0) > 0, coalesce(used.lines, 0),
       w.number
FROM {WAIVER} w
LEFT JOIN (
    SELECT waiver, count(*) AS rows, count(DISTINCT shipment) AS lines
    FROM {WAIVED} GROUP BY waiver
) used ON used.waiver = w.number
ORDER BY w.number
"""


def apply_waivers(tables: ScanTables, as_of: date) -> dict[int, CapUse]:
    """Find which waiver covers which line, and which finding over nodes.

    Return what is used of the caps, by the number of the waiver.
    """
    tables.fill(WAIVER, _WAIVERS)
    tables.fill(WAIVED, _WAIVED_LINES)
    tables.fill(WAIVED, _WAIVED_NODES, {"as_of": as_of})
    lines = [_capped(row) for row in tables.rows(_CAPPED_LINES)]
    found, use = shares(lines)
    if found:
        _write(tables, found)
    return use


def _capped(row: tuple[Any, ...]) -> CappedLine:
    waiver, cap, value_cap, rule, subject, object_, identity, shipment, *line = row
    quantity, amount, counts = line
    finding = (rule, subject, object_, identity)
    return CappedLine(waiver, cap, value_cap, finding, shipment, quantity, amount, counts)


def has_caps(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a waiver covers goods up to a cap alone."""
    sql = f"SELECT EXISTS (FROM main.waivers AS w WHERE NOT {_UNCAPPED})"
    ((found,),) = connection.execute(sql).fetchall()
    return bool(found)


def _write(tables: ScanTables, found: Sequence[WaivedShare]) -> None:
    columns = {
        "waiver::BIGINT": [one.line.waiver for one in found],
        "rule::INTEGER": [one.line.finding[0] for one in found],
        "subject::VARCHAR": [one.line.finding[1] for one in found],
        "object::VARCHAR": [one.line.finding[2] for one in found],
        "identity::VARCHAR": [one.line.finding[3] for one in found],
        "shipment::VARCHAR": [one.line.shipment for one in found],
        "units::BIGINT": [one.units for one in found],
        "quantity::BIGINT": [one.line.quantity for one in found],
    }
    each = ", ".join(f"unnest(${name}[])" for name in columns)
    values = {name.split("::")[0]: column for name, column in columns.items()}
    tables.fill(WAIVED, f"SELECT {each}", values)


def waiver_outcomes(
    tables: ScanTables,
    as_of: date,
    use: Mapping[int, CapUse],
    *,
    known: Collection[str],
    evaluated: Collection[str],
) -> tuple[WaiverOutcome, ...]:
    """Return what became of each waiver, in order of rule, subject, object.

    `use` is what `apply_waivers` returned. `known` are the ids of all rules, `evaluated` of those
    that ran in this scan. A waiver that names a rule that does not exist says so, whatever else it
    names.
    """
    return tuple(
        _outcome(row, as_of, use, frozenset(known), frozenset(evaluated))
        for row in tables.rows(_OUTCOMES)
    )


def _outcome(
    row: tuple[Any, ...],
    as_of: date,
    use: Mapping[int, CapUse],
    known: frozenset[str],
    evaluated: frozenset[str],
) -> WaiverOutcome:
    rule, subject, object_, product, start, end, approver, reason, *caps, hit, lines, number = row
    cap, value_cap, currency = caps
    named = set(rule.split())
    status: WaiverStatus
    if value_cap is not None and currency is None:
        status = "refused"
    elif not named <= known:
        status = "unknown_rule"
    elif not named & evaluated:
        status = "not_evaluated"
    elif end < as_of:
        status = "expired"
    else:
        status = "used" if hit else "unmatched"
    used = use.get(number, CapUse())
    return WaiverOutcome(
        rule=rule,
        subject=subject,
        object=object_,
        product=product,
        valid_from=start,
        valid_to=end,
        approver=approver,
        reason=reason,
        status=status,
        lines=lines,
        max_quantity=cap,
        max_value=value_cap,
        currency=currency,
        used_units=used.units,
        used_value=_rounded(used.value),
        beyond=used.beyond,
        unseen=tuple(sorted(named - evaluated)) if (cap, value_cap) != (None, None) else (),
    )


def _rounded(value: Fraction) -> Decimal:
    """Return a value to four decimals, as amounts have."""
    return Decimal(round(value * 10_000)).scaleb(-4)


def sentence(waiver: WaiverOutcome) -> str | None:
    """Return a remark about a waiver; None for one that does what it is there for."""
    object_ = f" with {waiver.object}" if waiver.object else ""
    product = f", product {waiver.product}" if waiver.product else ""
    whom = f"{waiver.subject}{object_}{product}"
    about = f"The waiver of {waiver.rule} for {whom} (until {waiver.valid_to})"
    if waiver.capped and waiver.status == "used":
        return _of_cap(about, waiver)
    return {
        "unmatched": f"{about} matched nothing.",
        "expired": f"{about} has expired.",
        "refused": f"{about} is refused: its max_value has no currency.",
        "unknown_rule": f"{about} names a rule that does not exist.",
    }.get(waiver.status)


def _of_cap(about: str, waiver: WaiverOutcome) -> str | None:
    """Say what goes beyond a cap, and which rules' lines could not be counted against it."""
    said = []
    if waiver.beyond:
        lines = "1 line goes" if waiver.beyond == 1 else f"{waiver.beyond:,} lines go"
        parts = []
        if waiver.max_quantity is not None:
            parts.append(f"{waiver.used_units:,} of its {counted(waiver.max_quantity, 'unit')}")
        if waiver.max_value is not None:
            caps = f"{waiver.max_value:,.2f} {waiver.currency}"
            parts.append(f"{waiver.used_value:,.2f} of its {caps}")
        said.append(f"covers {' and '.join(parts)}: {lines} beyond it.")
    if waiver.unseen:
        rules = joined(waiver.unseen)
        said.append(f"counts no line of {rules}, which this scan did not evaluate.")
    return f"{about} {' It '.join(said)}" if said else None
