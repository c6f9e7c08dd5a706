"""A cap is used up in shipping order: line 51 of 50 units fires, and so does a surplus."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.waivers import sentence
from graphchannel.report.documents.finding_words import finding_words
from tests.findings.network import EVERY_LINE, line, loaded, network, scanned
from tests.findings.test_waivers import waiver

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult
    from tests.findings.network import Rules

WORLDS = int(os.environ.get("GRAPHCHANNEL_CAPS", "0")) or 8  # random ones
TO_B = EVERY_LINE.replace("RETURN", "WHERE b.id = 'B' RETURN")


def lines(*quantities: int, **values: Any) -> list[dict[str, Any]]:
    """Return lines from A to B, one a day, of 10 EUR a unit, the later ids first."""
    return [
        line(
            f"L{99 - day}",
            "A",
            "B",
            shipped_on=f"2015-01-{day + 1:02}",
            quantity=quantity,
            amount=str(10 * quantity),
            currency="EUR",
            **values,
        )
        for day, quantity in enumerate(quantities)
    ]


def judged(
    rules: Rules, shipped: list[dict[str, Any]], *waivers: Any, **options: Any
) -> ScanResult:
    rules.add("supply/any")
    return scanned(rules, network(*shipped, waivers=list(waivers)), **options)


def at_stake(result: ScanResult) -> tuple[int, Decimal | None]:
    total = result.stakes().total
    return total.lines, total.amount.get("EUR")


def test_line_51_of_a_waiver_of_50_units_fires(rules: Rules) -> None:
    result = judged(rules, lines(*[1] * 28), waiver(max_quantity=27))
    (finding,) = result.findings()
    assert (finding.status, finding.waived_lines, finding.waived_units) == ("open", 27, 0)
    assert at_stake(result) == (1, Decimal(10))
    (outcome,) = result.waivers
    assert (outcome.status, outcome.lines, outcome.used_units, outcome.beyond) == (
        "used",
        27,
        27,
        1,
    )
    assert sentence(outcome) == (
        "The waiver of supply/any for A (until 2015-01-31) covers 27 of its 27 units: 1 line goes "
        "beyond it."
    )


def test_a_finding_within_the_cap_is_waived_and_nothing_is_said(rules: Rules) -> None:
    result = judged(rules, lines(20, 30), waiver(max_quantity=50))
    assert [f.status for f in result.findings()] == ["waived"]
    assert not result.fails("low")
    assert [sentence(one) for one in result.waivers] == [None]


def test_of_the_line_on_which_a_cap_runs_out_the_surplus_fires(rules: Rules) -> None:
    result = judged(rules, lines(40, 30, 5), waiver(max_quantity=50))
    (finding,) = result.findings()
    assert (finding.waived_lines, finding.waived_units) == (1, 10)
    assert at_stake(result) == (2, Decimal(250))
    assert "(1 of 3 lines and 10 units of others waived)" in finding_words(finding)


def test_a_finding_of_one_line_says_how_many_units_are_waived(rules: Rules) -> None:
    result = judged(rules, lines(60), waiver(max_quantity=50))
    (finding,) = result.findings()
    assert "(50 units of 60 waived)" in finding_words(finding)
    assert at_stake(result) == (1, Decimal(100))


def test_days_before_those_that_a_scan_counts_use_the_cap_up(rules: Rules) -> None:
    result = judged(rules, lines(50, 10), waiver(max_quantity=50), since=date(2015, 1, 2))
    assert [(f.status, f.lines, f.waived_lines) for f in result.findings()] == [("open", 1, 0)]
    early = judged(rules, lines(50, 10), waiver(max_quantity=50), as_of=date(2015, 1, 1))
    assert [f.status for f in early.findings()] == ["waived"]


def test_products_that_a_scan_leaves_out_use_the_cap_up(rules: Rules) -> None:
    shipped = [*lines(50, product_id="Y"), line("L1", "A", "B", shipped_on="2015-01-20")]
    result = judged(rules, shipped, waiver(max_quantity=50), product="X")
    assert [(f.status, f.lines) for f in result.findings()] == [("open", 1)]


def test_a_cap_on_value_is_used_up_in_its_currency(rules: Rules) -> None:
    foreign = line("L0", "A", "B", quantity=1, amount="5", currency="USD")
    capped = waiver(max_value="455", currency="EUR")
    result = judged(rules, [*lines(40, 30, 1), foreign], capped)
    (finding,) = result.findings()
    assert (finding.waived_lines, finding.waived_units) == (1, 5)
    (outcome,) = result.waivers
    assert (outcome.used_value, outcome.beyond) == (Decimal(450), 3)
    assert "covers 450.00 of its 455.00 EUR: 3 lines go beyond it." in (sentence(outcome) or "")
    both = judged(rules, lines(40, 30), waiver(max_quantity=41, max_value="500", currency="EUR"))
    assert [(f.waived_lines, f.waived_units) for f in both.findings()] == [(1, 1)]


def test_a_cap_on_value_without_a_currency_is_refused(rules: Rules) -> None:
    """Loads reject it today; an earlier version took it."""
    rules.add("supply/any")
    workspace = loaded(network(*lines(1), waivers=[waiver(max_value="455", currency="EUR")]))
    workspace.connection.execute("UPDATE main.waivers SET currency = NULL")
    result = scan(workspace, rules.catalogue(), ScanOptions())
    assert result.count(waived=True) == 0
    (outcome,) = result.waivers
    assert "is refused: its max_value has no currency." in (sentence(outcome) or "")


def test_a_line_of_two_rules_counts_once(rules: Rules) -> None:
    rules.add("supply/b", TO_B)
    result = judged(rules, lines(50), waiver(rule="supply/any supply/b", max_quantity=50))
    assert [f.status for f in result.findings()] == ["waived", "waived"]


def test_what_another_waiver_covers_uses_nothing_up(rules: Rules) -> None:
    free = waiver(object_id="B", valid_to="2015-01-01")
    result = judged(rules, lines(40, 50), free, waiver(max_quantity=50))
    assert [f.status for f in result.findings()] == ["waived"]
    two = judged(rules, lines(60), waiver(object_id="B", max_quantity=50), waiver(max_quantity=10))
    assert [f.status for f in two.findings()] == ["waived"]


def test_a_capped_waiver_covers_no_finding_without_lines(rules: Rules) -> None:
    rules.add("data/partner", "MATCH (p:Partner) RETURN p.id AS subject", message="{subject}")
    result = judged(rules, lines(1), waiver(rule="data/partner", max_quantity=5))
    assert result.count(waived=True) == 0
    assert [one.status for one in result.waivers] == ["unmatched"]


def test_rules_that_did_not_run_are_said(rules: Rules) -> None:
    capped = waiver(rule="supply/any supply/b", max_quantity=50)
    rules.add("supply/b", TO_B.replace("s:SUPPLIED", "s:SUPPLIED {document: 'none'}"),
              more="// @population (:Industry)\n")  # fmt: skip
    result = judged(rules, lines(50), capped)
    (outcome,) = result.waivers
    assert outcome.unseen == ("supply/b",)
    assert "counts no line of supply/b" in (sentence(outcome) or "")


@pytest.mark.parametrize("seed", range(WORLDS))
def test_random_caps_are_those_of_an_oracle(rules: Rules, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test
    shipped = [
        line(
            f"L{number:02}",
            rng.choice("AC"),
            "B",
            shipped_on=str(date(2015, 1, 1) + timedelta(rng.randrange(9))),
            quantity=rng.randint(1, 9),
            product_id=rng.choice("XY"),
            amount=rng.choice(["70", "70", "33.3333", "0", None]),
            currency=rng.choice(["EUR", "EUR", "USD"]),
        )
        for number in range(rng.randint(1, 30))
    ]
    rules.add("supply/b", TO_B)
    waivers = {
        (w["subject_id"], w["product_id"], w["rule"], w["valid_from"]): w
        for w in (random_waiver(rng) for _ in range(rng.randint(1, 4)))
    }
    chosen = sorted(waivers.values(), key=lambda w: (
        w["rule"], w["subject_id"], w["product_id"] or "", w["valid_from"]))  # fmt: skip
    result = judged(rules, shipped, *chosen)
    expected = oracle(shipped, chosen)
    found = {
        (f.rule, f.subject.id): (f.waived_lines, f.waived_units, f.status == "waived")
        for f in result.findings()
    }
    assert found == expected, chosen


def random_waiver(rng: random.Random) -> dict[str, Any]:
    first = date(2015, 1, 1) + timedelta(rng.randrange(4))
    value = rng.choice([None, None, "0", "50.5", "200", "1000"])
    return waiver(
        rule=rng.choice(["supply/any", "supply/b", "supply/any supply/b"]),
        subject_id=rng.choice("AAC"),
        product_id=rng.choice([None, "X"]),
        valid_from=str(first),
        valid_to=str(first + timedelta(rng.randrange(9))),
        max_quantity=rng.choice([None, 1, 10, 25, 60, 60]),
        max_value=value,
        currency=None if value is None else rng.choice(["EUR", "EUR", "USD"]),
    )


def oracle(
    shipped: list[dict[str, Any]], waivers: list[dict[str, Any]]
) -> dict[tuple[str, str], tuple[int, int, bool]]:
    """Give units away one by one: first what is free, then each cap, in shipping order."""
    units = {
        (rule, one["id"], unit): False
        for rule in ("supply/any", "supply/b")
        for one in shipped
        for unit in range(one["quantity"])
    }
    fits = [
        [
            one
            for one in sorted(shipped, key=lambda one: (one["shipped_on"], one["id"]))
            if one["seller_id"] == w["subject_id"]
            and w["product_id"] in (None, one["product_id"])
            and w["valid_from"] <= one["shipped_on"] <= w["valid_to"]
        ]
        for w in waivers
    ]
    for capped in (False, True):
        for one, covered in zip(waivers, fits, strict=True):
            if ((one["max_quantity"], one["max_value"]) != (None, None)) != capped:
                continue
            left, worth = one["max_quantity"], Fraction(one["max_value"] or 0)
            for sold in covered:
                if one["max_value"] is not None and not (
                    sold["amount"] is not None and sold["currency"] == one["currency"]
                ):
                    continue
                price = Fraction(sold["amount"] or 0) / sold["quantity"]
                names = one["rule"].split()
                open_ = {
                    rule: [u for u in range(sold["quantity"]) if not units[rule, sold["id"], u]]
                    for rule in names
                }
                wanted = max(map(len, open_.values()))
                valued = one["max_value"] is not None
                taken = 0
                while taken < wanted and left != 0 and not (valued and worth < price):
                    taken, worth = taken + 1, worth - price
                    left = None if left is None else left - 1
                for rule in names:
                    for unit in open_[rule][:taken]:
                        units[rule, sold["id"], unit] = True
                if taken < wanted:
                    break
    return told(shipped, units)


def told(
    shipped: list[dict[str, Any]], units: dict[tuple[str, str, int], bool]
) -> dict[tuple[str, str], tuple[int, int, bool]]:
    """Count by rule and seller the lines that are waived whole, and the units of others."""
    found = {}
    for rule in ("supply/any", "supply/b"):
        for seller in sorted({one["seller_id"] for one in shipped}):
            sold_ = [one for one in shipped if one["seller_id"] == seller]
            waived = [
                (sum(units[rule, one["id"], u] for u in range(one["quantity"])), one["quantity"])
                for one in sold_
            ]
            whole = sum(n == q for n, q in waived)
            parts = sum(n for n, q in waived if n < q)
            found[rule, seller] = (whole, parts, whole == len(waived))
    return found
