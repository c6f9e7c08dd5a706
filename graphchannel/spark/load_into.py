"""A load on Spark: files too many for one machine become a lake, and a workspace in it.

Files are read, lines judged and months written by tasks; all other tables are loaded here. The one
definition of every value, check and derivation is that of each other load: tasks run it on a part.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError
from graphchannel.files import replacing_folder
from graphchannel.ingest.files import load
from graphchannel.ingest.load_history import begin_load, finish_load, keep_hashes
from graphchannel.ingest.outcome import LoadReport
from graphchannel.ingest.readers import Found, ReadOptions, find_files
from graphchannel.schema import RELATIONS
from graphchannel.spark.connection import open_session
from graphchannel.spark.judge_task import LOAD, judge_rows, outcome_schema
from graphchannel.spark.lake import (
    SORTED,
    WORKSPACE,
    Lake,
    LakeFile,
    LakeTable,
    check_free,
    relation,
    write_manifest,
    write_table,
)
from graphchannel.spark.lake_workspace import (
    identity,
    keep_outcome,
    refuse_inexact,
    stand_on_lake,
    told_of_lines,
)
from graphchannel.spark.line_rows import row_schema
from graphchannel.spark.read_file_codec import said_of_files
from graphchannel.spark.read_task import read_files
from graphchannel.spark.tasks import mapped, numbered_tasks, spark_schema, telling
from graphchannel.spark.write_task import MONTH_SCHEMA, PART, write_months
from graphchannel.text import counted
from graphchannel.workspace import create_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from graphchannel.ingest import FileReport
    from graphchannel.policy import Policy
    from graphchannel.spark.line_rows import LineSource, ReadFile
    from graphchannel.workspace import Workspace

__all__ = ["load_into"]

_PART_BYTES = 64 << 20  # of rows, as they lie between two tasks, for a task
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class _Job:
    """What a load is about; `made` is the folder that will be the lake."""

    session: SparkSession
    made: Path
    policy: Policy
    options: ReadOptions
    progress: Callable[[str], None]

    @property
    def workspace(self) -> Path:
        return self.made / WORKSPACE

    @property
    def read(self) -> Path:
        return self.made / "work" / "read"

    @property
    def accepted(self) -> Path:
        return self.made / "work" / "accepted"


def load_into(
    engine: str,
    paths: Iterable[Path],
    policy: Policy,
    options: ReadOptions,
    folder: Path,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> LoadReport:
    """Load folders, files and globs into a lake, written whole; the same files give the same lake.

    Accepted and rejected are the rows that a load into a new workspace accepts and rejects. Files
    and lake are on paths that all workers see. Raises InputError for what cannot be read, or not
    be loaded so, EngineError where Spark fails; the lake of before stands then.
    """
    check_free(folder)
    _refuse_lost_work(folder / WORKSPACE)
    if "," in str(folder.absolute()):
        raise InputError(f"{folder}: a lake whose path has a comma cannot be read; name another.")
    found = find_files(path.absolute() for path in paths)
    with open_session(engine) as session, replacing_folder(folder.absolute()) as made:
        report = _loaded(_Job(session, made, policy, _from_the_root(options), progress), found)
        shutil.rmtree(made / "work")
    return report


def _refuse_lost_work(workspace: Path) -> None:
    """Raise InputError where the lake before has a work list, which a new one would not have."""
    if not workspace.exists():
        return
    with open_workspace(workspace) as before:
        ((entries,),) = before.connection.execute("SELECT count(*) FROM admin.work").fetchall()
    if entries:
        worked = counted(entries, "entry", "entries")
        raise InputError(
            f"{workspace}: people have worked on findings of this lake ({worked}), which a new one "
            "would not know of; load into another folder."
        )


def _from_the_root(options: ReadOptions) -> ReadOptions:
    """Name folders so that tasks find them, wherever they run."""
    loaders = None if options.loaders is None else options.loaders.absolute()
    return replace(
        options, loaders=loaders, senders=tuple(each.absolute() for each in options.senders)
    )


def _loaded(job: _Job, found: Found) -> LoadReport:
    job.progress(f"reading {len(found.files)} files")
    files, passed_over = _read(job, found)
    sources = tuple(source for file in files for source in file.sources)
    others = [found.files[file.number] for file in files if not file.sources and not file.refused]
    with create_workspace(job.workspace, job.policy) as workspace:
        report = _load_others(job, workspace, others)
        hashes = [file.content for file in files if file.sources and file.content is not None]
        keep_hashes(workspace.connection, LOAD, hashes)
    if sources:
        job.progress("checking lines")
        _judge(job, sources)
    with open_workspace(job.workspace, write=True) as workspace:
        refuse_inexact(workspace.connection, job.accepted)
        told = keep_outcome(workspace, sources, job.accepted)
        job.progress("writing the lake")
        tables = _write_tables(job, workspace)
        reports = _in_order(found, files, report.files, told)
        id_ = identity(tables, job.policy.fingerprint)
        write_manifest(Lake(id_, LOAD, job.policy.fingerprint, tables), job.made)
    with open_workspace(job.workspace, write=True) as workspace:  # from now on it sees the lake
        with workspace.transaction():
            stand_on_lake(workspace, reports, id_)
        notices = told_of_lines(workspace.connection)
    return replace(
        report,
        files=reports,
        notices=(*report.notices, *notices),
        passed_over=(*passed_over, *report.passed_over),
    )


def _read(job: _Job, found: Found) -> tuple[list[ReadFile], list[str]]:
    """Read all files; return what is said of each, and of what is passed over.

    Raises InputError for the first that cannot be read, and for what tasks did not write.
    """
    paths, options, schema = found.files, job.options, row_schema()

    def read(numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return read_files(numbers, paths, options, schema)

    with telling("reading"):
        numbered_tasks(job.session, len(paths), read, schema).write.parquet(job.read.as_uri())
    with create_workspace(None, job.policy) as workspace:
        files = said_of_files(workspace.connection, job.read, len(paths))
    passed_over = list(found.passed_over)
    for file in files:
        if file.refused is None:
            continue
        if file.brief is None or paths[file.number] not in found.swept or len(paths) == 1:
            raise InputError(file.refused)
        passed_over.append(f"{file.brief} It is not read.")
    if all(file.refused for file in files):
        raise InputError("\n".join(passed_over))
    return files, passed_over


def _load_others(job: _Job, workspace: Workspace, files: Sequence[Path]) -> LoadReport:
    """Load the tables that lines refer to, as ever."""
    if files:
        return load(workspace, files, job.policy, job.options, progress=job.progress)
    with workspace.transaction():
        finish_load(workspace.connection, begin_load(workspace.connection))
    return LoadReport(LOAD, ())


def _judge(job: _Job, sources: Sequence[LineSource]) -> None:
    """Accept or reject all rows: those that may meet in one task."""
    policy = replace(job.policy, parameters={}, rules={}, due_days={})  # lines need none of them
    base, schema = job.workspace, outcome_schema()

    def judge(rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return judge_rows(rows, base, sources, policy, schema)

    size = sum(file.stat().st_size for file in job.read.glob("*.parquet"))
    parts = min(max(2, size // _PART_BYTES + 1), _MOST_PARTS)
    with telling("checking lines"):
        rows: Any = job.session.read.schema(spark_schema(row_schema())).parquet(job.read.as_uri())
        rows = rows.where("_about IS NULL").repartition(parts, "_part")
        judged: DataFrame = mapped(rows, judge, schema)
        judged.write.partitionBy("_kind", "_month").parquet(job.accepted.as_uri())


def _write_tables(job: _Job, workspace: Workspace) -> tuple[LakeTable, ...]:
    """Write all relations: lines and units by month in tasks, the others here."""
    months = [
        (name, folder.name.removeprefix("_month="))
        for name in SORTED
        for folder in sorted((job.accepted / f"_kind={name}").glob("_month=*"))
    ]
    columns = {name: _columns(workspace, name) for name in SORTED}
    accepted, made = job.accepted, job.made

    def write(numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return write_months(numbers, months, columns, accepted, made)

    files: list[LakeFile] = []
    if months:
        with telling("writing the lake"):
            rows = numbered_tasks(job.session, len(months), write, MONTH_SCHEMA).collect()
        files = [LakeFile(**json.loads(row.file)) for row in rows]
        for left in made.glob(f"*/*/*{PART}"):  # of tasks that were killed
            left.unlink()
    return tuple(_table(workspace, name, files, made) for name in sorted(RELATIONS))


def _table(workspace: Workspace, name: str, months: list[LakeFile], made: Path) -> LakeTable:
    own = (file for file in months if file.path.startswith(f"{name}/"))
    ordered = tuple(sorted(own, key=attrgetter("path")))
    return LakeTable(name, ordered) if ordered else write_table(workspace.connection, name, made)


def _columns(workspace: Workspace, name: str) -> str:
    described = workspace.connection.execute(f"DESCRIBE {relation(workspace.connection, name)}")
    return ", ".join(f'"{column}"' for column, *_ in described.fetchall())


def _in_order(
    found: Found,
    files: Sequence[ReadFile],
    others: Sequence[FileReport],
    lines: Sequence[FileReport],
) -> tuple[FileReport, ...]:
    """Put reports in the order of the files: those of lines, and of files loaded here."""
    told, here = iter(lines), list(others)
    ordered: list[FileReport] = []
    for file in files:
        if file.sources:
            ordered += [next(told) for _ in file.sources]
            continue
        name = found.files[file.number].name
        own = [report for report in here if report.file.split(" [")[0] == name]
        here = [report for report in here if report not in own]
        ordered += own
    return (*ordered, *here)
