"""Findings that are asked for by name are what a whole scan has them to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel import ingest
from graphchannel.demo.generate import generate
from graphchannel.findings import ScanOptions, scan
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.runs.causes import focus_of
from graphchannel.runs.states import scanned_states
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_a_focus_leaves_what_it_names_as_it_is(tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=300, lines=2_000, seed=3)
    catalogue = load_catalogue(pack())
    options = ScanOptions(as_of=truth.as_of)
    with create_workspace(None, catalogue.policy) as workspace:
        ingest.load(workspace, [tmp_path], catalogue.policy)
        with scan(workspace, catalogue, options) as result:
            whole = scanned_states(result)
        for part in range(2):  # every second finding of each rule, then the others
            asked = {name: one for name, one in whole.items() if int(name, 16) % 2 == part}
            focus = focus_of(asked.values())
            with scan(workspace, catalogue, options, focus=focus) as result:
                found = scanned_states(result)
            assert {name: found.get(name) for name in asked} == asked
            assert len(found) < len(whole)
            rules = {one.rule for one in found.values() if one.rule.startswith("paths/")}
            assert rules >= {"paths/unlisted-hop", "paths/diverted"}
