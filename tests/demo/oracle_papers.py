"""The rules about certificates and obligations once more: part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Oracle, Row

ROLES = ("distributor", "vap", "platinum", "gold", "silver", "recognized")
TIER_ONE, TIER_TWO = ROLES[:2], ROLES[2:]
MUST_OFFER = {
    "distributor": "logistics financing technical_support service_support marketing branding",
    "vap": "customer_platform technical_support solution_support branding system_integration "
    "industry_consultancy",
    "platinum": "customer_platform presales_support postsales_support branding",
    "gold": "customer_platform presales_support postsales_support branding",
    "silver": "customer_platform presales_support postsales_support branding",
    "recognized": "presales_support branding",
}


def judge_papers(oracle: Oracle) -> None:
    _judge_certificates(oracle)
    for partner in oracle.partners:
        if oracle.active(partner):
            _judge_partner(oracle, partner)
    _judge_surveys(oracle)


def _judge_certificates(oracle: Oracle) -> None:
    rows = oracle.tables["certifications"]
    vaps = [c for c in rows if c["role"] == "vap"]
    for one in (c for c in rows if c["role"] == "distributor"):
        for other in (c for c in vaps if _overlap(one, c)):
            holder, second = one["holder_id"], other["holder_id"]
            group = oracle.partners[holder]["group_id"]
            if holder == second:
                oracle.note("certification/distributor-and-vap", holder)
            elif group and group == oracle.partners[second]["group_id"]:
                oracle.note("certification/distributor-and-vap-in-group", holder, second)
    for row in rows:
        holder, issuer = row["holder_id"], row["issuer_id"]
        if issuer in oracle.vendors:
            continue
        if row["role"] in TIER_ONE:
            oracle.note("certification/tier-one-not-certified-by-vendor", holder)
        start = date.fromisoformat(row["valid_from"])
        if row["role"] in TIER_TWO and "distributor" not in oracle.roles(issuer, start):
            oracle.note("certification/tier-two-not-certified-by-distributor", holder)


def _judge_partner(oracle: Oracle, partner: str) -> None:
    today = oracle.as_of
    roles = oracle.roles(partner, today)
    offered = {row["capability"] for row in _now(oracle, "capabilities", partner)}
    for role in roles:
        for capability in set(MUST_OFFER[role].split()) - offered:
            oracle.note("obligations/missing-capability", partner, capability)
    if "distributor" in roles:
        _judge_distributor(oracle, partner)
    if set(roles) & set(TIER_ONE):
        _judge_strength(oracle, partner)
    industries = [row for row in oracle.authorized(partner, today) if row["industry_id"]]
    if "vap" in roles and not industries:
        oracle.note("obligations/vap-without-industry", partner)
    promised = [
        row
        for row in oracle.tables["targets"]
        if row["partner_id"] == partner
        and row["period_start"] <= today.isoformat() <= row["period_end"]
    ]
    if set(roles) & {"vap", *TIER_TWO[:3]} and not promised:
        oracle.note("obligations/no-sales-target", partner)


def _judge_strength(oracle: Oracle, partner: str) -> None:
    row, least = oracle.partners[partner], oracle.given
    if least["minimum_employees"] is None or least["minimum_capital"] is None:
        return  # a rule with a parameter that is not set is not evaluated
    few = row.get("employees") and int(row["employees"]) < least["minimum_employees"]
    poor = row.get("capital") and Decimal(row["capital"]) < Decimal(least["minimum_capital"])
    if few or poor:
        oracle.note("obligations/below-strength", partner)


def _judge_distributor(oracle: Oracle, partner: str) -> None:
    running = _now(oracle, "programs", partner)
    if not any(r["kind"] == "incentive" and r["audience"] in ("", *TIER_TWO) for r in running):
        oracle.note("obligations/no-incentive-plan", partner)
    if not any(r["kind"] == "marketing" for r in running):
        oracle.note("obligations/no-marketing-plan", partner)
    holders = [
        row
        for row in oracle.tables["certifications"]
        if row["issuer_id"] == partner and row["role"] in TIER_TWO and _holds(row, oracle.as_of)
    ]
    if not holders:
        oracle.note("obligations/distributor-without-tier-two", partner)
    open_in = oracle.open_branches(partner)
    named = oracle.named_regions(partner, oracle.as_of)
    for row in oracle.tables["cities"]:
        city = row["id"]
        if row["key_city"].lower() == "true" and oracle.around(named, city) and city not in open_in:
            oracle.note("coverage/distributor-missing-key-city", partner, city)


def _judge_surveys(oracle: Oracle) -> None:
    months = oracle.as_of.year * 12 + oracle.as_of.month - 1 - oracle.given["satisfaction_months"]
    since = oracle.as_of.replace(year=months // 12, month=months % 12 + 1)
    answers: defaultdict[str, list[Row]] = defaultdict(list)
    for row in oracle.tables["surveys"]:
        if since < date.fromisoformat(row["answered_on"]) <= oracle.as_of:
            answers[row["subject_id"]].append(row)
    for partner, rows in answers.items():
        scores = [Decimal(row["score"]) for row in rows]
        enough = oracle.given["satisfaction_respondents"]
        low = Decimal(oracle.given["satisfaction_threshold"])
        if (
            oracle.active(partner)
            and "distributor" in oracle.roles(partner, oracle.as_of)
            and len({row["respondent_id"] for row in rows}) >= enough
            and sum(scores) < low * len(scores)
        ):
            oracle.note("obligations/low-satisfaction", partner)


def _now(oracle: Oracle, table: str, partner: str) -> list[Row]:
    return [
        row
        for row in oracle.tables[table]
        if row["partner_id"] == partner and _holds(row, oracle.as_of)
    ]


def _holds(row: Row, day: date) -> bool:
    return row["valid_from"] <= day.isoformat() <= (row["valid_to"] or "9999-12-31")


def _overlap(one: Row, other: Row) -> bool:
    ends = [row["valid_to"] or "9999-12-31" for row in (one, other)]
    return one["valid_from"] <= ends[1] and other["valid_from"] <= ends[0]
