"""What every document about a scan says of it in sentences."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from graphchannel.findings.change import CHANGES
from graphchannel.findings.fingerprints import SHOWN
from graphchannel.policy import SEVERITIES
from graphchannel.report.figures import Amounts, Figures, plain, rounded_figures
from graphchannel.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.findings import Finding, ScanResult
    from graphchannel.findings.model import RuleStatus, Twin
    from graphchannel.findings.stakes import Stake, Stakes

__all__ = [
    "STATUS_WORDS",
    "beyond_its_lines",
    "headline",
    "reject_sentences",
    "rejected_facts",
    "rule_remarks",
    "shadow_of",
    "stake_sentences",
    "summary",
    "totals",
]

STATUS_WORDS: Mapping[RuleStatus, str] = MappingProxyType(
    {"evaluated": "", "not_evaluated": "not evaluated", "off": "off", "error": "error"}
)


def headline(result: ScanResult) -> str:
    """Say by which policy, on which day and on which engine was judged."""
    policy = result.policy.title
    return f"Policy: {policy}. As of {result.as_of}. Engine: {result.engine}."


def rule_remarks(result: ScanResult) -> Iterator[str]:
    """Yield what the summary has no room for: reasons, and severities that the policy changes."""
    for outcome, rule in zip(result.outcomes, result.rules, strict=True):
        if outcome.status != "evaluated":
            word = STATUS_WORDS[outcome.status].capitalize()
            yield f"{word}: {outcome.id}: {outcome.reason}" if outcome.reason else word
        if rule.severity != rule.header.severity:
            yield (
                f"Changed: {rule.id}: {rule.severity} by the policy, {rule.header.severity} by "
                "the rule itself."
            )


def _since(result: ScanResult, name: str) -> str:
    """Count the findings by how they stand to the baseline; of a change that is none, new alone."""
    counts = result.changes()
    told = [
        f"{counts.get(change, 0):,} {change}"
        for change in CHANGES
        if change == "new" or (change != "unchanged" and change in counts)
    ]
    return f"{', '.join(told)} since {name}, {len(result.gone):,} gone"


def totals(result: ScanResult) -> str:
    """Count the findings, and the rules if some of them did not judge."""
    found, waived = result.count(), result.count(waived=True)
    parts = [counted(found, "finding")]
    if waived:
        parts.append(f"{waived:,} waived")
    if result.baseline is not None:
        parts.append(_since(result, result.baseline.name))
    judged = sum(1 for outcome in result.outcomes if outcome.status == "evaluated")
    rules = f" {judged} of {len(result.outcomes)} rules evaluated."
    return f"{', '.join(parts)}.{rules if judged < len(result.outcomes) else ''}"


def summary(result: ScanResult) -> str:
    """Return one line for a log or a chat: counts, what changed, what is at stake, what is unknown.

    ::

        As of 2015-06-30: 41 findings (3 critical, 38 low), 2 new since may.json, 1 gone; at stake
        1,153,991 EUR on 310 lines; 2 of 45 rules not evaluated.
    """
    counts = {
        severity: sum(
            one.findings - one.waived for one in result.outcomes if one.severity == severity
        )
        for severity in SEVERITIES
    }
    told = [f"{count:,} {severity}" for severity, count in counts.items() if count]
    waived, parts = result.count(waived=True), [counted(result.count(), "finding")]
    parts[0] += f" ({', '.join(told)})" if told else ""
    parts += [f"{waived:,} waived"] if waived else []
    parts += [_since(result, result.baseline.name)] if result.baseline is not None else []
    sentences = [f"As of {result.as_of}: {', '.join(parts)}", *_money(result), *_unjudged(result)]
    return visible(f"{'; '.join(sentences)}.")


def _money(result: ScanResult) -> Iterator[str]:
    total = result.stakes().total
    if total.lines:
        amount = rounded_figures(Figures(total.amount)) or "no amounts"
        yield f"at stake {amount} on {counted(total.lines, 'line')}"


def _unjudged(result: ScanResult) -> Iterator[str]:
    rules = len(result.outcomes)
    for status, words in (("not_evaluated", "not evaluated"), ("error", "could not be run")):
        if found := sum(1 for outcome in result.outcomes if outcome.status == status):
            yield f"{found:,} of {counted(rules, 'rule')} {words}"
    if rejected := result.rejected().lines:
        yield f"{counted(rejected, 'line')} rejected when loaded"


def stake_sentences(found: Stakes) -> Iterator[str]:
    """Yield what is at stake, each line counted once, and that findings add up to more."""
    total = found.total
    if not total.lines:
        return
    amount = rounded_figures(Figures(total.amount)) or "no amounts"
    without = f", {total.unpriced:,} of them without an amount" if total.unpriced else ""
    yield f"At stake: {amount} on {counted(total.lines, 'line')}{without}."
    if found.repeated:
        added = rounded_figures(Figures(found.added_up))
        are = "1 line is" if found.repeated == 1 else f"{found.repeated:,} lines are"
        added_up = f"; the findings' values add up to {added}" if added else ""
        yield f"Each line counts once, and {are} in more than one finding{added_up}."


def reject_sentences(rejected: Stake) -> Iterator[str]:
    """Yield what was not judged, because lines were rejected when they were loaded."""
    if not rejected.lines:
        return
    amount = rounded_figures(Figures(rejected.amount))
    of = f" of {amount}" if amount else ""
    without = f", {rejected.unpriced:,} of them without an amount" if rejected.unpriced else ""
    was = "was" if rejected.lines == 1 else "were"
    yield (
        f"Not judged: {counted(rejected.lines, 'line')}{of} {was} rejected when loaded{without}; "
        "graphchannel rejects tells why."
    )


def rejected_facts(rejected: Stake) -> dict[str, object]:
    """Return what JSON says of lines that were rejected, nothing where none was."""
    if not rejected.lines:
        return {}
    told = {
        "lines": rejected.lines,
        "without_amount": rejected.unpriced,
        "amount": plain(Amounts(rejected.amount)),
    }
    return {"rejected": told}


def shadow_of(finding: Finding) -> Iterator[str]:
    """Yield the findings of other rules that hold all goods of this one."""
    for same, words in ((True, "The same lines"), (False, "All its lines, and others")):
        found = [_twin(twin, finding) for twin in finding.twins if twin.same == same]
        if found:
            yield f"{words}: {', '.join(found)}."


def _twin(twin: Twin, finding: Finding) -> str:
    about = "" if twin.subject == finding.subject.id else f"about {twin.subject}, "
    return f"{twin.rule} ({about}{twin.fingerprint[:SHOWN]})"


def beyond_its_lines(finding: Finding) -> str:
    """Say how to list what the message counts beyond the finding's lines; nothing if all is there.

    A rule over paths may count units that went on by lines which it does not return.
    """
    if not finding.unlisted:
        return ""
    product = finding.identity.get("product")
    of = f" --product {product}" if product else ""
    return (
        f"{finding.unlisted:,} of these units may have gone by lines beyond the finding's own: "
        f"graphchannel trace --from {finding.subject.id}{of} lists them."
    )
