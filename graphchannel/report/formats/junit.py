"""The scan as JUnit XML, for build servers that show what tests did.

A rule is a test case, its family the suite. The case fails where findings fail the gate: open, at
or above its severity, with a baseline new or grown; the failure lists them. A rule that did not
judge is skipped, one that could not be run is an error. What else was found, the suite's output
says. No time is measured: the same scan gives the same bytes.
"""

from __future__ import annotations

import html
from typing import IO, TYPE_CHECKING

from graphchannel.report.formats import Format
from graphchannel.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphchannel.findings import Finding, RuleOutcome, ScanResult
    from graphchannel.policy import Severity
    from graphchannel.report.document import Document

__all__ = ["FORMAT", "write"]

_MOST = 100  # findings of one rule that its failure lists
_SKIPPED = {"not_evaluated": "not evaluated", "off": "off"}
_NONCHARACTERS = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}  # XML has no place for them either


def write(document: Document, stream: IO[str]) -> None:
    """Write a suite for each family of rules."""
    result = document.scan
    if result is None:
        message = "JUnit is for documents that have a scan"
        raise TypeError(message)
    tallies = _tallies(result, document.fail_on)
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    families: dict[str, list[RuleOutcome]] = {}
    for outcome in result.outcomes:
        families.setdefault(outcome.id.rpartition("/")[0], []).append(outcome)
    for number, (family, outcomes) in enumerate(sorted(families.items())):
        stream.writelines(_suite(number, family, outcomes, result, tallies))
    stream.write("</testsuites>\n")


class _Failing:
    """The findings of a rule that fail the gate: how many, and the first of them as lines."""

    def __init__(self) -> None:
        self.count = 0
        self.lines: list[str] = []

    def add(self, finding: Finding) -> None:
        self.count += 1
        if self.count <= _MOST:
            change = f" ({finding.change})" if finding.change else ""
            self.lines.append(f"{finding.message}{change} [{finding.short}]")


def _tallies(result: ScanResult, fail_on: Severity) -> tuple[dict[str, _Failing], dict[str, int]]:
    """Return by rule the open findings that fail the gate, and how many do not."""
    from graphchannel.policy import SEVERITIES  # noqa: PLC0415 - not for --help

    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    failing: dict[str, _Failing] = {}
    others: dict[str, int] = {}
    for finding in result.findings(waived=False):
        if finding.severity in worst and finding.fails:
            failing.setdefault(finding.rule, _Failing()).add(finding)
        else:
            others[finding.rule] = others.get(finding.rule, 0) + 1
    return failing, others


def _suite(
    number: int,
    family: str,
    outcomes: Sequence[RuleOutcome],
    result: ScanResult,
    tallies: tuple[Mapping[str, _Failing], Mapping[str, int]],
) -> Iterator[str]:
    failing, others = tallies
    counts = {
        "tests": len(outcomes),
        "failures": sum(1 for one in outcomes if one.id in failing and one.status != "error"),
        "errors": sum(1 for one in outcomes if one.status == "error"),
        "skipped": sum(1 for one in outcomes if one.status in _SKIPPED),
    }
    head = {
        "id": number,
        "package": "graphchannel",
        "name": family or "rules",
        "timestamp": f"{result.as_of}T00:00:00",
        "hostname": "localhost",
        "time": 0,
        **counts,
    }
    yield f"  <testsuite{_attributes(head)}>\n    <properties>\n"
    facts = {"as_of": result.as_of, "policy": result.policy.name, "engine": result.engine}
    for name, value in facts.items():
        yield f"      <property{_attributes({'name': name, 'value': value})}/>\n"
    yield "    </properties>\n"
    for outcome in outcomes:
        yield from _case(family, outcome, failing.get(outcome.id))
    said = [line for outcome in outcomes for line in _beside(outcome, others)]
    yield f"    <system-out>{_text(said)}</system-out>\n    <system-err/>\n  </testsuite>\n"


def _case(family: str, outcome: RuleOutcome, failing: _Failing | None) -> Iterator[str]:
    suite, name = f"graphchannel.{family or 'rules'}", outcome.id.rpartition("/")[2]
    names = {"classname": suite, "name": name, "time": 0}
    opened = f"    <testcase{_attributes(names)}"
    reason = outcome.reason or ""
    if outcome.status == "error":
        yield f"{opened}>\n      <error{_attributes({'message': reason, 'type': 'error'})}>"
        yield f"{_text([reason])}</error>\n    </testcase>\n"
    elif outcome.status in _SKIPPED:
        said = ": ".join(filter(None, [_SKIPPED[outcome.status], reason]))
        yield f"{opened}>\n      <skipped{_attributes({'message': said})}/>\n    </testcase>\n"
    elif failing is not None:
        said = f"{outcome.name}: {counted(failing.count, 'finding')}"
        more = failing.count - len(failing.lines)
        lines = [*failing.lines, *([f"and {more:,} more."] if more else [])]
        about = _attributes({"message": said, "type": outcome.severity})
        yield f"{opened}>\n      <failure{about}>"
        yield f"{_text(lines)}</failure>\n    </testcase>\n"
    else:
        yield f"{opened}/>\n"


def _beside(outcome: RuleOutcome, others: Mapping[str, int]) -> Iterator[str]:
    """Yield what a rule found that fails nothing."""
    if passed := others.get(outcome.id):
        yield f"{outcome.id}: {counted(passed, 'finding')} ({outcome.severity}) let pass"
    if outcome.waived:
        yield f"{outcome.id}: {counted(outcome.waived, 'finding')} waived"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(_escaped(line) for line in lines)


def _attributes(values: Mapping[str, object]) -> str:
    quoted = {name: _escaped(str(value)).replace('"', "&quot;") for name, value in values.items()}
    return "".join(f' {name}="{value}"' for name, value in quoted.items())


def _escaped(text: str) -> str:
    # xml.sax.saxutils would bring all of urllib with it, for each --help that lists the formats
    return html.escape(_seen(text), quote=False)


def _seen(text: str) -> str:
    r"""Return a text that XML can hold: of what it cannot, the number.

    >>> print(_seen("a\x00b\ufffe"))
    a\x00b\ufffe
    """
    return visible(text).translate(_NONCHARACTERS)


FORMAT = Format(write, endings=(".xml",), needs="scan")
