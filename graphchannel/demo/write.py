"""Write the native dataset as CSV or Parquet, the shipments chunk by chunk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from graphchannel.demo.days import START
from graphchannel.schema import Kind, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from graphchannel.demo.planted_line import PlantedLine
    from graphchannel.demo.shipments import Chunk

FORMATS = ("csv", "parquet")
_TYPES = {
    Kind.STRING: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.DECIMAL: pa.decimal128(18, 4),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
}


class Sink(Protocol):
    """Takes the batches of one table."""

    def write(self, batch: Any) -> None:
        """Append a record batch or table."""


def arrow_schema(name: str) -> Any:
    """Return the Arrow schema of a canonical table."""
    return pa.schema([(column.name, _TYPES[column.kind]) for column in table(name).columns])


@contextmanager
def open_table(directory: Path, name: str, format_: str) -> Iterator[Sink]:
    """Open `<name>.csv` or `<name>.parquet` for writing."""
    file = directory / f"{name}.{format_}"
    schema = arrow_schema(name)
    if format_ == "csv":
        with pyarrow.csv.CSVWriter(file, schema) as writer:
            yield writer
    else:
        with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            yield writer


def write_rows(
    directory: Path, name: str, format_: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Write a small table; decimals are given in ten-thousandths."""
    schema = arrow_schema(name)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    with open_table(directory, name, format_) as sink:
        sink.write(pa.Table.from_arrays(arrays, schema=schema))


def _array(values: Iterable[object], type_: Any) -> Any:
    if pa.types.is_decimal(type_):
        return _decimals(pa.array(values, pa.int64()))
    return pa.array(values, type_)


def _decimals(ten_thousandths: Any) -> Any:
    """Turn an int64 array into decimals with four places: the same whole numbers, 128 bits wide."""
    low = np.asarray(ten_thousandths.fill_null(0), dtype=np.int64)
    words = np.stack([low, low >> 63], axis=1)  # little-endian, sign-extended
    valid = np.packbits(np.asarray(ten_thousandths.is_valid()), bitorder="little")
    buffers = [pa.py_buffer(valid.tobytes()), pa.py_buffer(words.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(low), buffers)


class ShipmentWriter:
    """Writes lines to an open sink and numbers them."""

    def __init__(
        self,
        sink: Sink,
        *,
        sellers: Sequence[str],
        buyers: Sequence[str],
        currencies: Sequence[str],
        cities: Sequence[str | None],
        products: Sequence[str],
    ) -> None:
        """Take what a chunk's pairs stand for; `cities` are the buyers'."""
        self._sink = sink
        self._sellers, self._buyers = pa.array(sellers), pa.array(buyers)
        self._currencies, self._cities = pa.array(currencies), pa.array(cities, pa.string())
        self._products = pa.array(products)
        self._written = 0

    def write_chunk(self, chunk: Chunk) -> None:
        """Write drawn lines; the seller reports them."""
        pair, unpriced = pa.array(chunk.pair), pa.array(chunk.unpriced)
        nothing = pa.scalar(None, pa.string())
        days = np.datetime64(START) + chunk.day
        self._write(
            day=pa.array(days.astype("datetime64[D]")),
            seller=self._sellers.take(pair),
            buyer=self._buyers.take(pair),
            product=self._products.take(pa.array(chunk.product)),
            quantity=pa.array(chunk.quantity),
            amount=pa.array(chunk.cents * 100, mask=chunk.unpriced),
            currency=pc.if_else(unpriced, nothing, self._currencies.take(pair)),
            ship_to=pc.if_else(pa.array(chunk.shipped_to), self._cities.take(pair), nothing),
        )

    def write_lines(self, lines: Sequence[PlantedLine]) -> None:
        """Write planted lines."""
        days, sellers, buyers, products, quantities, amounts, currencies, cities, documents = (
            zip(*lines, strict=True) if lines else [()] * 9
        )
        self._write(
            day=pa.array(days, pa.date32()),
            seller=pa.array(sellers, pa.string()),
            buyer=pa.array(buyers, pa.string()),
            product=pa.array(products, pa.string()),
            quantity=pa.array(quantities, pa.int64()),
            amount=pa.array(amounts, pa.int64()),
            currency=pa.array(currencies, pa.string()),
            ship_to=pa.array(cities, pa.string()),
            document=pa.array(documents, pa.string()),
        )

    def _write(
        self,
        *,
        day: Any,
        seller: Any,
        buyer: Any,
        product: Any,
        quantity: Any,
        amount: Any,
        currency: Any,
        ship_to: Any,
        document: Any = None,
    ) -> None:
        numbers = pa.array(np.arange(self._written + 1, self._written + 1 + len(day)))
        self._written += len(day)
        # Each line has an invoice of its own: two of one invoice that agree in all else would pass
        # for one sale that was reported twice.
        own = _numbered("I", numbers)
        schema = arrow_schema("shipments")
        arrays = [
            _numbered("L", numbers),
            day,
            seller,
            buyer,
            product,
            quantity,
            _decimals(amount),
            currency,
            ship_to,
            own if document is None else pc.coalesce(document, own),
            pa.nulls(len(day), pa.string()),
            seller,
            pa.nulls(len(day), pa.string()),
        ]
        self._sink.write(pa.Table.from_arrays(arrays, schema=schema))


def line_id(number: int) -> str:
    """Return the id of a shipment line, counted from 1."""
    return f"L{number:08d}"


def _numbered(prefix: str, numbers: Any) -> Any:
    """Return ids such as L00000001."""
    digits = pc.utf8_lpad(numbers.cast(pa.string()), width=8, padding="0")
    return pc.binary_join_element_wise(prefix, digits, "")
