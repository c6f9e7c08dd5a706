"""What holds for all tests."""

from __future__ import annotations


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call content `bytes` in a test's name: some of it has the moment of writing in it."""
    return "bytes" if isinstance(val, bytes) else None
