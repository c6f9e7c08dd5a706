from __future__ import annotations

import datetime as dt

import pytest

from graphchannel.compiler import misfits
from graphchannel.compiler import types as t
from graphchannel.compiler.parameters import type_of


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (None, t.NULL),
        (True, t.BOOLEAN),
        (7, t.INTEGER),
        (7.5, t.FLOAT),
        ("7", t.STRING),
        (dt.date(2024, 2, 29), t.DATE),
        ([1, 2], t.ListType(t.INTEGER)),
        (("a",), t.ListType(t.STRING)),
        ([[True]], t.ListType(t.ListType(t.BOOLEAN))),
        ([None], t.ListType(t.NULL)),
        ([], None),
        ([1, 1.5], None),
        ([{}], None),
        (dt.datetime(2024, 2, 29, tzinfo=dt.UTC), None),
        ({"a": 1}, None),
    ],
)
def test_a_value_tells_the_type_of_its_parameter(value: object, type_: t.CypherType | None) -> None:
    assert type_of(value) == type_


@pytest.mark.parametrize(
    ("type_", "value", "fits"),
    [
        (t.INTEGER, 2**63 - 1, True),
        (t.INTEGER, -(2**63), True),
        (t.INTEGER, 2**63, False),
        (t.INTEGER, -(2**63) - 1, False),
        (t.FLOAT, 2**63, False),
        (t.FLOAT, 0.0, True),
        (t.FLOAT, -0.0, False),
        (t.BOOLEAN, False, True),
        (t.INTEGER, False, False),
        (t.DATE, dt.date(2024, 1, 1), True),
        (t.STRING, b"a", False),
        (t.ListType(t.INTEGER), (1, None), True),
        (t.ListType(t.INTEGER, nullable=False), [1, 2], True),
        (t.ListType(t.INTEGER, nullable=False), [1, None], False),
        (t.NodeType(()), "a", False),
        (t.MapType(()), {}, False),
    ],
)
def test_a_value_fits_its_parameter_or_is_told_of(
    type_: t.CypherType, value: object, *, fits: bool
) -> None:
    assert (misfits({"x": type_}, {"x": value}) == ()) is fits


def test_the_sentence_names_parameter_type_and_value() -> None:
    types = {"n": t.INTEGER, "s": t.STRING, "m": t.FLOAT}
    assert misfits(types, {"n": "a", "s": 1}) == (
        "$n is an INTEGER in this query, 'a' is not.",
        "$s is a STRING in this query, 1 is not.",
        "$m has no value; the query needs one (FLOAT).",
    )
