"""What a scan of the generated network must report: kept while it is planted, never computed back.

No SQL and no Cypher are involved, so that the truth can judge them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from graphchannel.demo.planted_line import PlantedLine

# rule, subject, object, other identity columns by name
Identity = tuple[str, str, str | None, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Expected:
    """One finding: totals over its lines, all zero for a rule over nodes.

    `amounts` are in ten-thousandths of a currency's unit, those without currency under a dash;
    lines without amount add to `lines` and `quantity` only. It is waived once a waiver covers all
    of its lines, or the finding over nodes itself. Of paths every line counts once, and towards
    quantity and amounts if one of them ends there.
    """

    lines: int = 0
    quantity: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    waived_lines: int = 0
    waived: bool = False
    _on_paths: set[int] = field(default_factory=set)
    _arrived: set[int] = field(default_factory=set)

    def add_line(self, day: date, quantity: int, amount: int | None, currency: str | None) -> None:
        """Count a line in."""
        self.lines += 1
        self.first = min(self.first or day, day)
        self.last = max(self.last or day, day)
        self._add_goods(quantity, amount, currency)

    def add_path(self, lines: Mapping[int, PlantedLine]) -> None:
        """Count in the lines of a path, given by position in the order of its hops."""
        for position, line in lines.items():
            if position not in self._on_paths:
                self._on_paths.add(position)
                self.add_line(line.day, 0, None, None)
        position, line = list(lines.items())[-1]
        if position not in self._arrived:
            self._arrived.add(position)
            self._add_goods(line.quantity, line.amount, line.currency)

    def _add_goods(self, quantity: int, amount: int | None, currency: str | None) -> None:
        self.quantity += quantity
        if amount is not None:
            key = currency or NO_CURRENCY
            self.amounts[key] = self.amounts.get(key, 0) + amount


@dataclass(slots=True)
class Truth:
    """All findings of a network judged on `as_of`.

    `dormant` are findings of rules that the shipped policy does not evaluate; they appear once
    `dormant_parameters` are set in the policy. Of a rule for which nothing was ever planted the
    truth says nothing: it may find what it likes.
    """

    seed: int
    as_of: date = AS_OF
    findings: dict[Identity, Expected] = field(default_factory=dict)
    dormant: dict[Identity, Expected] = field(default_factory=dict)
    dormant_parameters: dict[str, float] = field(default_factory=dict)

    def expect(self, rule: str, subject: str, object_: str | None = None, **extra: str) -> None:
        """Record a finding over nodes; `extra` are further identity columns."""
        identity: Identity = (rule, subject, object_, tuple(sorted(extra.items())))
        self.findings.setdefault(identity, Expected())

    def expect_dormant(self, rule: str, subject: str) -> None:
        """Record a finding of a rule that waits for a parameter."""
        self.dormant.setdefault((rule, subject, None, ()), Expected())

    def expect_line(
        self,
        rule: str,
        subject: str,
        object_: str,
        day: date,
        *,
        quantity: int,
        amount: int | None,
        currency: str | None,
    ) -> None:
        """Count a line into the finding of a line rule; lines after the as-of day are ignored."""
        if day <= self.as_of:
            finding = self.findings.setdefault((rule, subject, object_, ()), Expected())
            finding.add_line(day, quantity, amount, currency)

    def expect_path(
        self,
        rule: str,
        subject: str,
        object_: str | None,
        lines: Mapping[int, PlantedLine],
        **extra: str,
    ) -> None:
        """Count a path into its finding; one that ends after the as-of day is ignored."""
        *_, last = lines.values()
        if last.day <= self.as_of:
            identity: Identity = (rule, subject, object_, tuple(sorted(extra.items())))
            self.findings.setdefault(identity, Expected()).add_path(lines)

    def expect_waived(self, rule: str, subject: str, object_: str | None, lines: int) -> None:
        """Record that waivers cover so many lines of a finding; none: a finding over nodes."""
        finding = self.findings[rule, subject, object_, ()]
        finding.waived_lines = lines
        finding.waived = lines == finding.lines

    @property
    def rules(self) -> list[str]:
        """List the rules that the truth is about."""
        return sorted({rule for rule, *_ in (*self.findings, *self.dormant)})

    def document(self) -> dict[str, object]:
        """Return the content of `truth.json`."""
        return {
            "as_of": self.as_of.isoformat(),
            "seed": self.seed,
            "rules": self.rules,
            "findings": list(_documents(self.findings)),
            "dormant": {
                "parameters": self.dormant_parameters,
                "findings": list(_documents(self.dormant)),
            },
        }

    def to_json(self) -> str:
        """Return `truth.json` as text, findings in a fixed order."""
        return json.dumps(self.document(), indent=1, ensure_ascii=False) + "\n"


def _documents(findings: dict[Identity, Expected]) -> Iterable[dict[str, object]]:
    for rule, subject, object_, extra in sorted(
        findings, key=lambda i: (i[0], i[1], i[2] or "", i[3])
    ):
        finding = findings[rule, subject, object_, extra]
        yield {
            "rule": rule,
            "subject": subject,
            "object": object_,
            **({"identity": dict(extra)} if extra else {}),
            "lines": finding.lines,
            "quantity": finding.quantity,
            "amount": {c: _money(finding.amounts[c]) for c in sorted(finding.amounts)},
            "first": finding.first.isoformat() if finding.first else None,
            "last": finding.last.isoformat() if finding.last else None,
            "status": "waived" if finding.waived else "open",
            "waived_lines": finding.waived_lines,
        }


def _money(amount: int) -> str:
    """Write ten-thousandths with two decimals, more only where they say something."""
    text = str(Decimal(amount).scaleb(-4).quantize(Decimal("0.0001")))
    return text[:-2] if text.endswith("00") else text.rstrip("0")
