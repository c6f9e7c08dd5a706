"""Making one part of the published graph equal to the workspace, whatever is there.

Three ways, from cheap to thorough: send what changed since a load; compare keys and versions and
send what differs; send everything. The cheap one counts afterwards; where something went away it
removes what ended since that load, and compares where that does not explain the count. All may be
killed anywhere and begun again: a batch is one transaction, and it clears what it is about to
write.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphchannel.errors import EngineError
from graphchannel.stopping import noted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import duckdb
    import pyarrow as pa

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.parts import GraphPart, Piece

__all__ = ["How", "PartChange", "Sync"]

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
class PartChange:
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

    def all(self, parts: Sequence[GraphPart], how: How) -> list[PartChange]:
        """Make parts equal to the workspace.

        `parts` are in an order in which each stands after those that it refers to; what has to go,
        goes in the opposite order. Raises EngineError if the graph does not end as it should.
        """
        there = self.there(parts)
        sent = {part.name: self.upsert(part, how, there[part.name]) for part in parts}
        removed = dict.fromkeys(sent, 0)
        wanted, there = {part.name: self.wanted(part) for part in parts}, self.there(parts)
        for part in parts:
            if there[part.name] < wanted[part.name]:
                sent[part.name] += self.send_differing(part)
        for part in reversed(parts):
            if there[part.name] != wanted[part.name]:
                removed[part.name] = self.remove_gone(part, how, wanted[part.name])
        if there != wanted:
            self._check(wanted, self.there(parts))
        return [PartChange(name, sent[name], removed[name]) for name in sent]

    def upsert(self, part: GraphPart, how: How, there: int) -> int:
        """Write what is new or differs, knowing how many are there; return how many that took."""
        if how.mode == "all" or there == 0:
            return self.send(part, "true", clear=there > 0)
        if how.mode == "changes" and part.by_load:
            return self.send(part, f"version > {int(how.after)}", clear=True)
        return self.send_differing(part)

    def send_differing(self, part: GraphPart) -> int:
        """Write the rows that are not there in their version."""
        return self.send(part, _DIFFERS, clear=True, present=self.present(part))

    def _check(self, wanted: dict[str, int], there: dict[str, int]) -> None:
        for name, count in wanted.items():
            if there[name] != count:
                raise EngineError(
                    f"{self.link.login.uri}: there are {there[name]} {name} after publishing, and "
                    f"{count} in the workspace; somebody else writes to the graph. Publish again "
                    "with --all."
                )

    def wanted(self, part: GraphPart) -> int:
        """Count the rows of the workspace."""
        counts = (f"(SELECT count(*) FROM ({piece.select}))" for piece in part.pieces)
        return int(self.connection.execute(f"SELECT {' + '.join(counts)}").fetchall()[0][0])

    def there(self, parts: Sequence[GraphPart]) -> dict[str, int]:
        """Count what is published, by part."""
        counts = (f"{part.count} AS there, '{part.name}' AS part" for part in parts)
        found = {name: int(count) for count, name in self.link.rows(" UNION ALL ".join(counts))}
        # A count beside the part's name is grouped by it: of nothing there is no row.
        return {part.name: found.get(part.name, 0) for part in parts}

    def present(self, part: GraphPart) -> pa.Table:
        """Fetch the keys and versions of what is published."""
        import pyarrow as pa  # noqa: PLC0415 - most publishes compare nothing

        schema = pa.schema([("key", pa.string()), ("version", pa.int64())])
        batches = [
            pa.record_batch(list(zip(*rows, strict=True)), schema=schema)
            for rows in self.link.batches(part.present, _READ)
        ]
        return pa.Table.from_batches(batches, schema=schema)

    def remove_gone(self, part: GraphPart, how: How, wanted: int) -> int:
        """Remove what the workspace has no more; return how many keys that took.

        What ended since the last publish is tried first: all keys are fetched only where it does
        not explain how many there are, such as after a purge.
        """
        tried = 0
        if how.mode == "changes" and part.ended is not None:
            ended = part.ended.format(after=int(how.after))
            tried = self._remove(part, f"(SELECT DISTINCT key FROM ({ended}))")
            if self.there([part])[part.name] == wanted:
                return tried
        return tried + self.remove_stale(part, self.present(part))

    def remove_stale(self, part: GraphPart, present: pa.Table) -> int:
        """Remove what is published under keys that the workspace does not have."""
        return self._remove(part, "present", present)

    def _remove(self, part: GraphPart, keys: str, present: pa.Table | None = None) -> int:
        """Remove those of some keys, a relation, that the workspace does not have."""
        own = " UNION ALL ".join(f"SELECT key FROM ({piece.select})" for piece in part.pieces)
        with noted(self.connection.cursor()) as cursor:
            if present is not None:
                cursor.register("present", present)
            cursor.execute(f"SELECT key FROM {keys} WHERE key NOT IN ({own}) ORDER BY key")
            removed = 0
            while rows := cursor.fetchmany(5_000):
                some = [row[0] for row in rows]
                self.link.write(*((query, {"keys": some}) for query in part.remove))
                removed += len(some)
        return removed

    def send(
        self, part: GraphPart, condition: str, *, clear: bool, present: pa.Table | None = None
    ) -> int:
        """Write the rows that meet `condition`; return how many."""
        return sum(
            self._send_piece(part, piece, condition, clear=clear, present=present)
            for piece in part.pieces
        )

    def _send_piece(
        self,
        part: GraphPart,
        piece: Piece,
        condition: str,
        *,
        clear: bool,
        present: pa.Table | None,
    ) -> int:
        rows = f"SELECT * FROM ({piece.select}) AS piece WHERE {condition}"
        statements = [piece.clear] if clear and piece.clear else []
        statements.append(piece.write)

        order = " ORDER BY source, target, key" if part.relationships else ""

        def job(share: str) -> int:
            done = 0
            with noted(self.connection.cursor()) as cursor:
                if present is not None:
                    cursor.register("present", present)
                cursor.execute(f"SELECT * FROM ({rows}) WHERE {share}{order}")
                for batch in _batches(cursor):
                    self.link.write(*((statement, {"rows": batch}) for statement in statements))
                    done += len(batch)
                    self.progress(part.name, len(batch))
            return done

        if not part.relationships or self.writers == 1 or self.wanted(part) < _PARALLEL:
            return job("true")
        done = 0
        with ThreadPoolExecutor(self.writers) as pool:
            for pairs in _rounds(self.writers):
                shares = [_between(pair, 2 * self.writers) for pair in pairs]
                done += sum(pool.map(job, shares))
        return done


def _rounds(writers: int) -> Iterator[list[tuple[int, int]]]:
    """Yield rounds of pairs of heaps whose relationships may be written side by side.

    Writing a relationship locks both its ends. The ends are dealt into twice as many heaps as there
    are writers; a share is what runs between two heaps, and within a round no two shares touch the
    same heap: a tournament in which every heap meets every other once, and itself. Neo4j also locks
    neighbours in a node's list of relationships, so a deadlock may still happen now and then; the
    driver then runs the transaction again.
    """
    heaps = 2 * writers
    yield [(heap, heap) for heap in range(heaps)]
    turning = list(range(1, heaps))
    for _ in range(heaps - 1):
        circle = [0, *turning]
        yield [(circle[place], circle[-1 - place]) for place in range(writers)]
        turning = [turning[-1], *turning[:-1]]


def _between(pair: tuple[int, int], heaps: int) -> str:
    ends = f"hash(source) % {heaps}, hash(target) % {heaps}"
    return f"least({ends}) = {min(pair)} AND greatest({ends}) = {max(pair)}"


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
