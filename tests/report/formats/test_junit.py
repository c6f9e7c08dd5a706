"""JUnit XML fits what Ant's schema and Jenkins' ask for; nothing in a name ends an element."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from graphchannel.report.documents.scan import scan_document
from tests.findings.network import Rules, line, network, scanned
from tests.report.conftest import printed

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.findings import ScanResult

# What Ant's JUnit.xsd (Windy Road) and Jenkins' junit-10.xsd ask for where both speak: the
# attributes of an element, those that must be there with a star, and its children in their order.
SUITE = "package* id* name* timestamp* hostname* tests* failures* errors* time* skipped"
ELEMENTS = {
    "testsuites": ("", "(testsuite )*"),
    "testsuite": (SUITE, "properties (testcase )*system-out system-err "),
    "properties": ("", "(property )*"),
    "property": ("name* value*", ""),
    "testcase": ("name* classname* time*", "((skipped|error|failure) )?"),
    "failure": ("message type*", ""),
    "error": ("message type*", ""),
    "skipped": ("message", ""),
    "system-out": ("", ""),
    "system-err": ("", ""),
}
FORMS = {
    **dict.fromkeys(("id", "tests", "failures", "errors", "skipped"), r"\d+"),
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "time": r"\d+(\.\d+)?",
    **dict.fromkeys(("name", "classname", "package", "hostname"), r"\S(.*\S)?"),
}


def complaints(element: ET.Element) -> list[str]:
    """Return what the schemas would object to."""
    attributes, children = ELEMENTS[element.tag]
    named = {name.rstrip("*") for name in attributes.split()}
    needed = {name[:-1] for name in attributes.split() if name.endswith("*")}
    said = [f"{element.tag} has {name}" for name in sorted(set(element.keys()) - named)]
    said += [f"{element.tag} lacks {name}" for name in sorted(needed - set(element.keys()))]
    said += [
        f"{element.tag} {name}={value!r}"
        for name, value in element.items()
        if element.tag != "property" and not re.fullmatch(FORMS.get(name, "(?s).*"), value)
    ]
    found = "".join(f"{child.tag} " for child in element)
    if not re.fullmatch(children, found):
        said.append(f"{element.tag} holds {found}")
    return said + [one for child in element for one in complaints(child)]


def tree(text: str) -> ET.Element:
    root = ET.fromstring(text)  # noqa: S314 - what we have just written
    assert complaints(root) == []
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(word) == str(sum(1 for case in cases if case.find(tag) is not None))
    return root


def test_a_rule_is_a_case_and_its_findings_a_failure(result: ScanResult) -> None:
    root = tree(printed(scan_document(result, top=1), "junit"))
    cases = {f"{case.get('classname')} {case.get('name')}": case for case in root.iter("testcase")}
    failure = cases["graphchannel.supply any"].find("failure")
    assert failure is not None
    assert failure.get("message") == "supply/any: 1 finding"
    assert failure.get("type") == "high"
    assert re.fullmatch(r"Alpha supplied Beta: 2 lines, 3 units \[\w{12}\]", failure.text or "")
    skipped = cases["graphchannel.coverage none"].find("skipped")
    assert skipped is not None
    assert (skipped.get("message") or "").startswith("not evaluated: ")
    error = cases["graphchannel.supply wrong"].find("error")
    assert error is not None
    assert "Partnr" in (error.get("message") or "")
    assert [suite.get("id") for suite in root] == ["0", "1", "2"]


def test_what_fails_no_gate_passes_and_is_said(result: ScanResult) -> None:
    root = tree(printed(replace(scan_document(result, top=1), fail_on="high"), "junit"))
    said = [suite.findtext("system-out") for suite in root]
    assert said == [
        "",
        "data/formula: 1 finding (info) let pass",
        "supply/any: 1 finding waived",
    ]
    assert [suite.get("failures") for suite in root] == ["0", "0", "1"]


@pytest.mark.parametrize(
    "name", ["]]></failure>&amp;", "a\"b'<c", "\x00\x1b[2J\x85", "\ufffe\uffff\u202e"]
)
def test_names_are_text(tmp_path: Path, name: str) -> None:
    rules = Rules(tmp_path / "rules")
    rules.add("supply/any")
    tables = network(line("L1", "A", "B"))
    tables["partners"] = [*tables["partners"], {"id": "Z", "name": name}]
    tables["shipments"].append(line("L2", "A", "Z"))
    with scanned(rules, tables) as result:
        root = tree(printed(scan_document(result, top=1), "junit"))
    (failure,) = root.iter("failure")
    assert {"\x00": "[2J", "\ufffe": "\\ufffe"}.get(name[0], name) in (failure.text or "")


def test_no_more_findings_than_a_person_reads(tmp_path: Path) -> None:
    rules = Rules(tmp_path / "rules")
    rules.add("supply/any")
    tables = network(*(line(f"L{number}", "A", f"P{number}") for number in range(120)))
    tables["partners"] += [{"id": f"P{number}", "name": f"No {number}"} for number in range(120)]
    with scanned(rules, tables) as result:
        root = tree(printed(scan_document(result, top=1), "junit"))
    (failure,) = root.iter("failure")
    assert failure.get("message") == "supply/any: 120 findings"
    assert (failure.text or "").splitlines()[100:] == ["and 20 more."]
