"""What makes two findings the same: rule, subject, object, and the rule's identity columns.

The hash does not change when more lines arrive. Python and SQL build it alike; a test compares
them.
"""

from __future__ import annotations

import hashlib

__all__ = ["SHOWN", "decoded_one", "encoded", "encoded_sql", "fingerprint"]

SHOWN = 12  # hex digits that people see and type; reports keep all 64


def fingerprint(rule: str, *identity: str | None) -> str:
    """Return the hash of a finding; `identity` is subject, object, then the identity columns.

    >>> fingerprint("supply/x", "P1", None)[:12]
    '639857ccd550'
    """
    text = encoded(rule) + "".join(encoded(part) for part in identity)
    return hashlib.sha256(text.encode()).hexdigest()


def encoded(part: str | None) -> str:
    """Return a text that no other sequence of parts can begin with: length, colon, content."""
    return "-" if part is None else f"{len(part)}:{part}"


def decoded_one(text: str | None) -> str | None:
    """Return the one part that was encoded; None where there is none, or are several.

    >>> decoded_one("7:RT-1400"), decoded_one("1:a1:b"), decoded_one(None)
    ('RT-1400', None, None)
    """
    length, colon, part = (text or "").partition(":")
    return part if colon and length.isdigit() and len(part) == int(length) else None


def encoded_sql(expression: str) -> str:
    """Return the SQL that computes `encoded` of a VARCHAR expression."""
    e = expression
    return f"CASE WHEN {e} IS NULL THEN '-' ELSE length({e}) || ':' || {e} END"
