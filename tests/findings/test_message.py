from __future__ import annotations

import pytest

from graphchannel.findings.message import fill


@pytest.mark.parametrize(
    ("template", "values", "wanted"),
    [
        ("{lines} lines", {"lines": 1}, "1 line"),
        ("{lines} lines", {"lines": 21}, "21 lines"),
        ("{lines} lines", {"lines": 0}, "0 lines"),
        ("{quantity} units left", {"quantity": 1}, "1 unit left"),
        ("was {mean} on average", {"mean": 5.333333}, "was 5.33 on average"),
        ("{a} and {b}", {"a": 6.0, "b": None}, "6 and unknown"),
        ("{days}", {"days": ["a", 2]}, "a, 2"),
        ("{ok}", {"ok": True}, "yes"),
        ("{a}", {"a": "{b}", "b": "no"}, "{b}"),
    ],
)
def test_values_are_put_in_their_places(
    template: str, values: dict[str, object], wanted: str
) -> None:
    assert fill(template, values) == wanted
