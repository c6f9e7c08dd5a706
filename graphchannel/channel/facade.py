"""The application layer, and the public Python API: everything that a command can do, in one call.

::

    from graphchannel import Channel

    with Channel.open("channel.duckdb") as channel:
        findings = channel.scan(as_of="2015-06-30").to_pandas()
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from graphchannel import resources
from graphchannel.channel.analyses import Analyses
from graphchannel.channel.data import ChannelData
from graphchannel.channel.engines import EngineChoice
from graphchannel.channel.history import PastRuns
from graphchannel.channel.opening import Opening, day_of
from graphchannel.channel.reports import Reports
from graphchannel.channel.results import FindingInFull, PartyPage
from graphchannel.closing import Closing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graphchannel.channel.opening import Day
    from graphchannel.channel.results import QueryRows
    from graphchannel.compiler import Compiled
    from graphchannel.findings import ScanResult
    from graphchannel.findings.model import Baseline
    from graphchannel.neo4j.publishing import Published
    from graphchannel.neo4j.verify import Comparison
    from graphchannel.policy import Policy, Severity
    from graphchannel.rules.catalogue import Catalogue

__all__ = ["Channel"]


class Channel(ChannelData, Analyses, PastRuns, Reports, Closing):
    """A channel: its workspace, the policy that judges it, and the engine that answers.

    It is opened with `Channel.open` and closed as a context manager or with `close`. Each question
    is answered with a value; one that still reads the workspace, such as a scan, raises ResultGone
    once the workspace has changed. Everything that goes wrong on purpose is a GraphChannelError.
    """

    __slots__ = ()

    @classmethod
    def open(
        cls,
        workspace: Path | str | None = "channel.duckdb",
        *,
        policy: Path | str | None = None,
        rules: Iterable[Path | str] = (),
        engine: EngineChoice | str | None = None,
        as_of: Day | None = None,
        known_at: Day | int | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Self:
        """Open a channel; file, policy and rules are read when the first question needs them.

        `workspace` is a file, which a load makes where there is none; None is a workspace in
        memory, or, with a server as engine, the published graph alone. `policy` is a folder with
        policy.toml and its rules, by default the shipped pack; `rules` are folders with further
        ones. `engine` is `duckdb` or the URI of a Neo4j server. `as_of` is the day that is judged
        where a question names none; by default the last with a shipment. `known_at` is the number
        of a load or a day: what was known then is asked, by default what is known now. `say` hears
        remarks, by default the logger `graphchannel`. Raises InputError for a text that is no day.
        """
        pack = Path(policy) if policy is not None else resources.pack()
        folders = tuple(Path(folder) for folder in rules)
        opening = Opening(
            Path(workspace) if workspace is not None else None,
            pack,
            folders,
            EngineChoice.named(engine),
            day_of(as_of),
            None if known_at is None else str(known_at),
        )
        if say is not None:
            opening.say = say
        return cls(opening)

    def close(self) -> None:
        """Close the workspace; harmless when done twice."""
        self._opening.close()

    @property
    def policy(self) -> Policy:
        """The policy that judges the channel."""
        return self._opening.catalogue.policy

    @property
    def catalogue(self) -> Catalogue:
        """The policy with its rules."""
        return self._opening.catalogue

    # Findings

    def scan(
        self,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        rules: Sequence[str] = (),
        severity: Severity | None = None,
        partner: str | None = None,
        country: str | None = None,
        product: str | None = None,
        baseline: Baseline | Path | str | None = None,
        timeout: float | None = None,
        from_scratch: bool = False,
    ) -> ScanResult:
        """Judge the channel: run the rules, group what they return into findings.

        `rules` are globs of rule ids, `severity` the lowest that runs; `partner`, `country` and
        `product` are ids that narrow what is shown; `baseline` is the JSON report of an earlier
        scan; `timeout` is how many seconds a rule may take. Rules take over rows of the last scan
        that are the same, unless `from_scratch`. Raises InputError for unknown names and days that
        leave no line, RuleError for a glob that matches nothing. A rule that cannot be run is among
        the result's `outcomes`. A run is kept, written when the channel is closed or changed.
        """
        from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan
        from graphchannel.channel.keeping import keep_run  # noqa: PLC0415 - with it

        result = scan_channel(
            self._opening,
            rules,
            severity,
            as_of=day_of(as_of),
            since=day_of(since),
            until=day_of(until),
            partner=partner,
            country=country,
            product=product,
            baseline=baseline,
            timeout=timeout,
            from_scratch=from_scratch,
        )
        return keep_run(self._opening, result)

    def show(
        self,
        fingerprint: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> FindingInFull:
        """Return one finding with all its lines, by the first characters of its fingerprint.

        The days must be those of the scan that named it. Raises RuleError unless just one begins
        so.
        """
        from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan
        from graphchannel.channel.keeping import with_work  # noqa: PLC0415 - with the scan
        from graphchannel.findings.credentials import dossier  # noqa: PLC0415 - with the scan

        with scan_channel(
            self._opening, as_of=day_of(as_of), since=day_of(since), until=day_of(until)
        ) as scanned:
            result = with_work(self._opening, scanned)
            finding = result.find(fingerprint)
            evidence = tuple(result.all_evidence(finding))
            with result.session.reading() as connection:
                credentials = dossier(connection, finding)
        rule = self.catalogue.rule(finding.rule)
        return FindingInFull(finding, rule, evidence, credentials)

    def partner(self, party: str, *, as_of: Day | None = None) -> PartyPage:
        """Return one party: findings, credentials over time, suppliers, customers, volumes.

        Raises InputError, with the nearest id, if there is no such party.
        """
        from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan
        from graphchannel.findings.profile import profile  # noqa: PLC0415 - with the scan

        day = self._opening.day(as_of)
        with self._opening.workspace.session() as session:
            about = profile(session.connection, party, day)
        with scan_channel(self._opening, as_of=day, partner=party) as result:
            return PartyPage(about, tuple(result.findings()), day)

    # The graph

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, object] | None = None,
        *,
        as_of: Day | None = None,
        timeout: float | None = 60.0,
        max_rows: int | None = 10_000,
    ) -> QueryRows:
        """Run one portable, read-only Cypher query; it knows `$as_of` and the policy's parameters.

        It is stopped after `timeout` seconds, and more rows than `max_rows` are an error; None
        means no limit. Raises CypherError, and EngineError where it cannot be run.
        """
        from graphchannel.channel import querying  # noqa: PLC0415 - imports the compiler

        return querying.query(
            self._opening,
            cypher,
            parameters or {},
            as_of=day_of(as_of),
            timeout=timeout,
            max_rows=max_rows,
        )

    def compiled(self, cypher: str, parameters: Mapping[str, object] | None = None) -> Compiled:
        """Return what the embedded engine would run, without running it. Raises CypherError."""
        from graphchannel.channel import querying  # noqa: PLC0415 - imports the compiler

        return querying.compiled_query(cypher, self.policy, parameters or {})

    def browser_query(
        self,
        fingerprint: str | None = None,
        rule: str | None = None,
        partner: str | None = None,
        *,
        since: Day | None = None,
        until: Day | None = None,
    ) -> str:
        """Return the query that shows a finding, a rule's findings or a party in Neo4j Browser.

        Without any of them it shows the worst findings. Raises RuleError, InputError.
        """
        from graphchannel.channel import publishing  # noqa: PLC0415 - an extra

        if fingerprint is not None:
            from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan

            with scan_channel(self._opening, since=day_of(since), until=day_of(until)) as result:
                return publishing.finding_query(result.find(fingerprint))
        if partner is not None:
            return publishing.party_query(self._opening, partner)
        return publishing.rule_query(self._opening, rule)

    def publish(
        self,
        server: EngineChoice | str,
        *,
        roles_on: Day | None = None,
        aggregate: Literal["month"] | None = None,
        findings: bool = True,
        replace: bool = False,
        thorough: bool = False,
        writers: int = 3,
        progress: Callable[[str, int], None] | None = None,
    ) -> Published:
        """Make the graph on a Neo4j server equal to the workspace, findings included.

        `roles_on` is the day whose roles become labels, by default today. With `aggregate` the
        trade of each month stands in the place of lines, to look at: rules need lines. `replace`
        takes the place of a graph of another workspace or grain, `thorough` sends every row anew,
        through `writers` connections. Raises EngineError.
        """
        from graphchannel.channel import publishing  # noqa: PLC0415 - an extra

        return publishing.publish(
            self._opening,
            EngineChoice.named(server),
            roles_on=day_of(roles_on),
            grain=aggregate or "line",
            findings=findings,
            replace=replace,
            thorough=thorough,
            writers=writers,
            progress=progress,
        )

    def write_import(
        self,
        folder: Path | str,
        *,
        roles_on: Day | None = None,
        aggregate: Literal["month"] | None = None,
    ) -> list[str]:
        """Write the graph as files for an offline import; return `neo4j-admin`'s arguments."""
        from graphchannel.channel import publishing  # noqa: PLC0415 - an extra

        return publishing.write_import(
            self._opening, Path(folder), roles_on=day_of(roles_on), grain=aggregate or "line"
        )

    def verify(self, server: EngineChoice | str) -> tuple[Comparison, ...]:
        """Compare the graph on a Neo4j server with the workspace, kind by kind, row by row.

        Raises EngineError where no graph of this workspace was published.
        """
        from graphchannel.channel import publishing  # noqa: PLC0415 - an extra

        return publishing.verify(self._opening, EngineChoice.named(server))
