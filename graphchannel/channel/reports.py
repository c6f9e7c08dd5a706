"""Reports: what somebody is to read who does not use the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.channel.opening import day_of

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel.opening import Day, Opening
    from graphchannel.channel.partner_pack import PartnerPack
    from graphchannel.channel.report_facts import ReportFacts
    from graphchannel.findings import ScanResult
    from graphchannel.findings.model import Baseline

__all__ = ["Reports"]


class Reports:
    """What a report says, as values; `graphchannel.report` writes it."""

    __slots__ = ()

    _opening: Opening  # that of `ChannelData`

    def report(
        self,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        partner: str | None = None,
        baseline: Baseline | Path | str | None = None,
        figures: bool = True,
    ) -> ReportFacts:
        """Judge the channel and return all that a report of it says.

        `partner` narrows the findings to those about one party, `figures` adds coverage, resilience
        and key figures. Raises InputError for unknown names and days that leave no line.
        """
        from graphchannel.channel import reporting  # noqa: PLC0415 - imports networkx

        return reporting.gather(
            self._opening,
            as_of=day_of(as_of),
            since=day_of(since),
            until=day_of(until),
            partner=partner,
            baseline=baseline,
            figures_too=figures,
        )

    def report_on(self, result: ScanResult) -> ReportFacts:
        """Return all that a report says of a scan of this channel, without scanning again.

        The runs that wait are written then: the result cannot be read any more. Raises ResultGone
        if it could not be read before.
        """
        from graphchannel.channel import reporting  # noqa: PLC0415 - imports networkx

        return reporting.facts_of(self._opening, result)

    def partner_pack(
        self,
        partner: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> PartnerPack:
        """Return what a partner may be given of a report: findings about it, and its own lines.

        Raises InputError, with the nearest id, if there is no such party.
        """
        from graphchannel.channel import partner_pack, replying, reporting  # noqa: PLC0415 - as a report

        facts = reporting.gather(
            self._opening,
            as_of=day_of(as_of),
            since=day_of(since),
            until=day_of(until),
            partner=partner,
            baseline=None,
            figures_too=False,
            most_lines=None,
        )
        pack = partner_pack.masked_pack(self._opening, facts, partner)
        return replying.kept(self._opening, pack)
