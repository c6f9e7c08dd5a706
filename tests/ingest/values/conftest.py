"""A short way to have one column of text read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from graphchannel.ingest.values import OPEN, Forms
from graphchannel.ingest.values.read import WHY, Values, drop_values, read_values
from graphchannel.ingest.values.reading import Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.schema import Kind


@dataclass
class TableColumn:
    """What was read of a column: values, the sentence that refuses each (or none), and remarks."""

    values: list[Any]
    says: list[str]
    remarks: tuple[str, ...]


Reader = Callable[..., TableColumn]


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection) -> Reader:
    """Read texts as a kind; `beside` are texts of a second column of the same kind.

    `typed` is the type of a column that holds no texts.
    """

    def reader(
        kind: Kind,
        texts: Sequence[Any],
        forms: Forms = OPEN,
        beside: Sequence[str | None] = (),
        typed: pa.DataType | None = None,
        **what: Any,
    ) -> TableColumn:
        other = [*beside, *[None] * (len(texts) - len(beside))]
        table = pa.table(
            {
                "_record": pa.array(range(len(texts)), pa.int64()),
                "x": pa.array(texts, typed or pa.string()),
                "other": pa.array(other, pa.string()),
            }
        )
        connection.register("arrow", table)
        connection.execute("CREATE OR REPLACE TEMP TABLE sent AS FROM arrow")
        connection.unregister("arrow")
        needs = [Need("x", kind, "Price", **what), Need("other", kind, "other")]
        values: Values = read_values(connection, "sent", needs, forms)
        rows = connection.execute(
            f"SELECT x, {WHY}[1].says FROM {values.relation} ORDER BY _record"
        ).fetchall()
        drop_values(connection, values)
        return TableColumn([row[0] for row in rows], [row[1] or "" for row in rows], values.remarks)

    return reader
