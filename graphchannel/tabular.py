"""Results as tables for other libraries: Arrow, and data frames of pandas."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    import pyarrow as pa

__all__ = ["Tabular", "arrow_table"]


class Tabular(abc.ABC):
    """A result with one table that says most of it; its other parts are plain attributes.

    `columns` are the table's, also where it has no row.
    """

    __slots__ = ()

    columns: ClassVar[tuple[str, ...]]

    @abc.abstractmethod
    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the rows by column, in the result's one order."""

    def to_arrow(self) -> pa.Table:
        """Return the rows as Arrow: days as dates, amounts as exact decimals.

        Figures by name, such as amounts by currency, stand in a column each, `amount EUR`.
        """
        return arrow_table(self.columns, self.records())

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame. Raises GraphChannelError where pandas is missing."""
        try:
            import pandas as pd  # noqa: F401, PLC0415 - an extra; Arrow's own message names no extra
        except ImportError as error:
            raise GraphChannelError(
                "Data frames need pandas: pip install 'graphchannel[notebook]', or take to_arrow()."
            ) from error
        return self.to_arrow().to_pandas()


def arrow_table(columns: Iterable[str], records: Iterable[Mapping[str, object]]) -> pa.Table:
    """Return records as an Arrow table; a column of mappings becomes one column for each key.

    >>> rows = [{"id": "a", "amount": {"EUR": 1}}, {"id": "b", "amount": {"USD": 2}}]
    >>> arrow_table(("id", "amount"), rows).column_names
    ['id', 'amount EUR', 'amount USD']
    """
    import pyarrow as pa  # noqa: PLC0415 - a result that nobody converts needs no Arrow

    flat = [_spread(record) for record in records]
    named: dict[str, None] = {}
    for column in columns:
        keys = sorted({key for row in flat for key in row if key.startswith(f"{column} ")})
        named |= dict.fromkeys([column] if any(column in row for row in flat) else keys or [column])
    return pa.table({name: pa.array([row.get(name) for row in flat]) for name in named})


def _spread(record: Mapping[str, object]) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            row |= {f"{name} {key}": part for key, part in value.items()}
        else:
            row[name] = list(value) if isinstance(value, tuple) else value
    return row
