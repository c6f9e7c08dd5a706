"""Making one part of the published graph equal to the workspace, whatever is there.

Three ways, from cheap to thorough: send what changed since a load; compare keys and versions and
send what differs; send everything. The cheap one counts afterwards, and compares where the count
tells that something went away. All may be killed anywhere and begun again: a batch is one
transaction, and it clears what it is about to write.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphchannel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb
    import pyarrow as pa

    from graphchannel.engines.neo4j_link import Link
    from graphchannel.publish.parts import Part, Piece

__all__ = ["Change", "How", "Sync"]

_BATCH_BYTES = 512 * 1024
_SAMPLE = 200  # rows that tell how large rows are
_READ = 50_000  # keys fetched at a time
_PARALLEL = 20_000  # rows from which several writers are worth it
_DIFFERS = (
    "NOT EXISTS (FROM present WHERE present.key = piece.key AND present.version = piece.version)"
)


@dataclass(frozen=True, slots=True)
class How:
    """How thorough to be: `changes` since load `after`, `compare`, or `all`."""

    mode: Literal["changes", "compare", "all"]
    after: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a part: rows sent and elements removed."""

    name: str
    sent: int
    removed: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Writes parts from a workspace's connection to a server.

    `progress` hears the part's name and how many of its rows were sent, from several threads.
    """

    connection: duckdb.DuckDBPyConnection
    link: Link
    writers: int
    progress: Callable[[str, int], None]

    def upsert(self, part: Part, how: How) -> int:
        """Write what is new or differs; return how many rows that took."""
        wanted, there = self.wanted(part), self.there(part)
        if how.mode == "all" or there == 0:
            return self.send(part, "true", clear=there > 0)
        sent = 0
        if how.mode == "changes" and part.by_load:
            sent = self.send(part, f"version > {int(how.after)}", clear=True)
            if self.there(part) >= wanted:
                return sent
        return sent + self.send(part, _DIFFERS, clear=True, present=self.present(part))

    def prune(self, part: Part) -> int:
        """Remove what the workspace does not have; return how much that was."""
        wanted = self.wanted(part)
        if self.there(part) == wanted:
            return 0
        removed = self.remove_stale(part, self.present(part))
        if (there := self.there(part)) != wanted:
            raise EngineError(
                f"{self.link.login.uri}: there are {there} {part.name} after publishing, and "
                f"{wanted} in the workspace; somebody else writes to the graph. Publish again with "
                "--compare."
            )
        return removed

    def wanted(self, part: Part) -> int:
        """Count the rows of the workspace."""
        counts = (f"(SELECT count(*) FROM ({piece.select}))" for piece in part.pieces)
        row = self.connection.execute(f"SELECT {' + '.join(counts)}").fetchone()
        return 0 if row is None else int(row[0])

    def there(self, part: Part) -> int:
        """Count what is published."""
        return int(self.link.rows(part.count)[0][0])

    def present(self, part: Part) -> pa.Table:
        """Fetch the keys and versions of what is published."""
        import pyarrow as pa  # noqa: PLC0415 - most publishes compare nothing

        schema = pa.schema([("key", pa.string()), ("version", pa.int64())])
        batches = [
            pa.record_batch(list(zip(*rows, strict=True)), schema=schema)
            for rows in self.link.batches(part.present, _READ)
        ]
        return pa.Table.from_batches(batches, schema=schema)

    def remove_stale(self, part: Part, present: pa.Table) -> int:
        """Remove what is published under keys that the workspace does not have."""
        own = " UNION ALL ".join(f"SELECT key FROM ({piece.select})" for piece in part.pieces)
        with self.connection.cursor() as cursor:
            cursor.register("present", present)
            cursor.execute(f"SELECT key FROM present WHERE key NOT IN ({own}) ORDER BY key")
            removed = 0
            while rows := cursor.fetchmany(5_000):
                keys = [row[0] for row in rows]
                self.link.write(*((query, {"keys": keys}) for query in part.remove))
                removed += len(keys)
        return removed

    def send(
        self, part: Part, condition: str, *, clear: bool, present: pa.Table | None = None
    ) -> int:
        """Write the rows that meet `condition`; return how many."""
        return sum(
            self._send_piece(part, piece, condition, clear=clear, present=present)
            for piece in part.pieces
        )

    def _send_piece(
        self, part: Part, piece: Piece, condition: str, *, clear: bool, present: pa.Table | None
    ) -> int:
        rows = f"SELECT * FROM ({piece.select}) AS piece WHERE {condition}"
        statements = [piece.clear] if clear and piece.clear else []
        statements.append(piece.write)

        def job(share: str) -> int:
            done = 0
            with self.connection.cursor() as cursor:
                if present is not None:
                    cursor.register("present", present)
                cursor.execute(f"SELECT * FROM ({rows}) WHERE {share}")
                for batch in _batches(cursor):
                    self.link.write(*((statement, {"rows": batch}) for statement in statements))
                    done += len(batch)
                    self.progress(part.name, len(batch))
            return done

        if not part.relationships or self.writers == 1 or self.wanted(part) < _PARALLEL:
            return job("true")
        done = 0
        with ThreadPoolExecutor(self.writers) as pool:
            for shares in _rounds(self.writers):
                done += sum(pool.map(job, shares))
        return done


def _rounds(writers: int) -> Iterator[list[str]]:
    """Yield rounds of shares of the relationships that may be written side by side.

    Writing a relationship locks both its ends. The ends are dealt into twice as many heaps as there
    are writers; each share takes the relationships between two heaps, and within a round no two
    shares touch the same heap: a tournament in which every heap meets every other once, and itself.
    Neo4j also locks neighbours in a node's list of relationships, so a deadlock may still happen
    now and then; the driver's transactions are then run again.
    """
    heaps = 2 * writers
    yield [_share(heap, heap, heaps) for heap in range(heaps)]
    turning = list(range(1, heaps))
    for _ in range(heaps - 1):
        circle = [0, *turning]
        yield [_share(circle[place], circle[-1 - place], heaps) for place in range(writers)]
        turning = [turning[-1], *turning[:-1]]


def _share(one: int, other: int, heaps: int) -> str:
    low, high = min(one, other), max(one, other)
    ends = f"hash(source) % {heaps}, hash(target) % {heaps}"
    return f"least({ends}) = {low} AND greatest({ends}) = {high}"


def _batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in batches of about as many bytes as suits a transaction."""
    batch = cursor.fetchmany(_SAMPLE)
    if not batch:
        return
    size = sum(len(str(value)) for row in batch for value in row) / len(batch)
    rows = max(100, int(_BATCH_BYTES / max(size, 1)))
    batch += cursor.fetchmany(rows)
    while batch:
        yield batch
        batch = cursor.fetchmany(rows)
