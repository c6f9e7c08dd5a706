"""The examples in docstrings are run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import graphchannel.findings
import graphchannel.report
import graphchannel.rules

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (graphchannel.findings, graphchannel.report, graphchannel.rules)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
