"""What holds for all tests."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="run what is marked `thorough`, and nothing else"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep breadth for `make assurance`: each test run has one case of every kind."""
    asked = config.getoption("thorough")
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        fits = bool(item.get_closest_marker("thorough")) is asked
        (chosen if fits else others).append(item)
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = chosen


def pytest_collection_finish() -> None:
    """Keep the thousands of collected tests out of each garbage collection."""
    gc.collect()
    gc.freeze()


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
