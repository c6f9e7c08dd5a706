"""What holds for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call content `bytes` in a test's name: some of it has the moment of writing in it."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """Return Spark, started once; tests that ask for it are of the xdist group `spark`."""
    from tests.sparks import started  # noqa: PLC0415 - few tests need it

    session = started()
    yield session
    session.stop()
