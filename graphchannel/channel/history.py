"""What was scanned before: runs, what became of their findings, and who deals with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from graphchannel.channel.opening import Day, Opening
    from graphchannel.channel.results import RunInFull, WaiverList
    from graphchannel.channel.waiving import WaiverTerms
    from graphchannel.channel.work import Work
    from graphchannel.ingest import PurgeReport
    from graphchannel.runs.corrections import Corrections
    from graphchannel.runs.diff import RunDiff
    from graphchannel.runs.model import Run
    from graphchannel.runs.repeat import Verification
    from graphchannel.runs.trend import Group, Trend

__all__ = ["PastRuns"]


class PastRuns:
    """Questions about earlier scans."""

    __slots__ = ()

    _opening: Opening

    @property
    def work(self) -> Work:
        """The work list: who deals with which finding."""
        from graphchannel.channel.work import Work  # noqa: PLC0415 - few ask

        return Work(self._opening)

    def waivers(self, within: timedelta | None = None, *, as_of: Day | None = None) -> WaiverList:
        """Return what a scan makes of the waivers, or of those that end so soon after its day."""
        from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan
        from graphchannel.channel.results import WaiverList  # noqa: PLC0415 - with it

        day = self._opening.day(as_of)
        until = None if within is None else day + min(within, date.max - day)
        with scan_channel(self._opening, as_of=day) as result:
            found = tuple(w for w in result.waivers if until is None or day <= w.valid_to <= until)
        return WaiverList(found, day, until)

    def waive(self, fingerprint: str, terms: WaiverTerms, *, file: Path | str) -> dict[str, str]:
        """Put a waiver for a finding at the end of a CSV file of waivers; return its row.

        It counts once the file is loaded. Raises RuleError unless just one finding begins so, and
        InputError for terms that hold on no day, and for a file that does not fit.
        """
        from graphchannel.channel.judging import scan_channel  # noqa: PLC0415 - only to scan
        from graphchannel.channel.waiving import append_waiver, waiver_row  # noqa: PLC0415 - few do

        with scan_channel(self._opening) as result:
            row = waiver_row(result.find(fingerprint), terms, result.as_of)
        append_waiver(Path(file), row)
        return row

    def runs(self) -> tuple[Run, ...]:
        """Return the scans that were run, oldest first."""
        from graphchannel.channel.keeping import all_runs  # noqa: PLC0415 - few ask

        return all_runs(self._opening)

    def unjudged(self) -> int | None:
        """Return the last change of the rows that no run has judged; None if there is none."""
        from graphchannel.channel.keeping import unjudged_load  # noqa: PLC0415 - few ask

        return unjudged_load(self._opening)

    def run(self, name: str = "latest") -> RunInFull:
        """Return one run, by its number, the beginning of its id, or `latest`, with its loads.

        Raises InputError if there is none.
        """
        from graphchannel.channel.past import run_in_full  # noqa: PLC0415 - few ask

        return run_in_full(self._opening, name)

    def verify_run(self, name: str = "latest") -> Verification:
        """Repeat a run on what was known then, and compare bytes. Raises InputError."""
        from graphchannel.channel.past import verified  # noqa: PLC0415 - few ask

        return verified(self._opening, name)

    def diff(self, before: str | None = None, after: str | None = None) -> RunDiff:
        """Compare two runs: each finding that changed, with all that caused it.

        Without names the last two whole runs that judged something different; with one name, that
        run and the last. Raises InputError for runs that cannot be compared.
        """
        from graphchannel.channel.past import difference  # noqa: PLC0415 - few ask

        return difference(self._opening, before, after)

    def trend(self, *, by: Group = "rule") -> Trend:
        """Return the open findings of each whole run by `rule`, `partner`, `region` or all."""
        from graphchannel.channel.past import course  # noqa: PLC0415 - few ask

        return course(self._opening, by)

    def corrections(self, *, last: int = 12) -> Corrections:
        """Return restatements of rows that changed findings, between the last so many runs."""
        from graphchannel.channel.past import restated  # noqa: PLC0415 - few ask

        return restated(self._opening, last)

    def purge(self, moment: str, *, only_look: bool = False) -> PurgeReport:
        """Forget the versions of rows that ended up to a load or a day. Raises InputError."""
        from graphchannel.ingest import purge  # noqa: PLC0415 - seldom

        with self._opening.changing() as workspace:
            return purge(workspace, moment, only_look=only_look)
