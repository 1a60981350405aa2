"""Keeps the one digest issue of a repository: counts everything again, finds the issue, writes what differs.

Which stretch of time is told as new stands in the issue itself, so the job can be run late, twice, or killed at any point and run
again: after an outage one digest catches up, and the same week is never told twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.analysis.calendar import last_due, next_due, zone_of
from app.domain.configuration import Weekly
from app.domain.delivery import Repository
from app.domain.digest import digest_marker
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, Recall, State
from app.domain.rolling import Occasion, RollingIssue, Told, read_told
from app.workflows.ports import Sending, Step, inline

IGNORED = "ignored"


def send_digest(job: Job, sending: Sending, step: Step = inline) -> Outcome:
    """Brings the digest issue of the job's repository up to date, and sets when the next one is due. The job's text is the
    `Occasion`. Nothing is asked of GitHub where nothing was ever recalled.

    Raises TryLater where GitHub could not answer now, GiveUp where there is no place for a digest.
    """
    if job.repository is None:
        return Outcome(IGNORED, "The job named no repository.")
    called = job.repository
    recalls = _recalls(called, sending)
    if not recalls:
        return Outcome(IGNORED, f"Nothing was ever recalled in {called.full_name}, so it has no digest.")
    now, settled = step("now", sending.now), step("settled", sending.settled)
    weekly, home = settled.configuration.digest, step("home", sending.home)
    due = next_due(weekly, now)
    step("schedule", lambda: sending.schedule(home, due, weekly.repository))
    if job.text == Occasion.PLAN:
        return Outcome("planned", f"The next digest of {home.full_name} is due on {due:%Y-%m-%d} at {due:%H:%M} UTC.")
    if not weekly.enabled:
        return Outcome("off", f"The digest of {home.full_name} is switched off.")
    if _elsewhere(weekly, home):
        return _handed_on(job, home, weekly.repository, sending, step)
    if home.archived:
        raise GiveUp(f"{home.full_name} is archived, so its digest stays as it is.", State.ARCHIVED)
    return _put(_Week(home, weekly, recalls, now, dry=settled.configuration.dry_run), sending, step)


@dataclass(frozen=True, slots=True)
class _Week:
    """What a digest is made of. `dry` says that nothing may be written."""

    home: Repository
    weekly: Weekly
    recalls: tuple[Recall, ...]
    now: datetime
    dry: bool

    @property
    def mark(self) -> str:
        return digest_marker(self.home.id)

    def told(self, before: RollingIssue | None) -> Told:
        """Which stretch is told as new: what was told already once more, until the next moment of the schedule has come."""
        slot = last_due(self.weekly, self.now)
        earlier = read_told(before.body) if before else None
        if earlier is None:
            return Told(last_due(self.weekly, slot - timedelta(seconds=1)), slot)
        return earlier if earlier.week >= slot else Told(earlier.week, slot)


def _recalls(home: Repository, sending: Sending) -> tuple[Recall, ...]:
    """The recalls of the repository, and of all whose digests it collects."""
    return tuple(recall for each in (home.id, *sending.collected(home)) for recall in sending.records.history(each))


def _elsewhere(weekly: Weekly, home: Repository) -> bool:
    return weekly.repository.casefold() not in ("", home.full_name.casefold())


def _handed_on(job: Job, home: Repository, name: str, sending: Sending, step: Step) -> Outcome:
    """The repository that collects writes the digest, in a job of its own."""
    collector = step("collector", lambda: sending.collector(name))
    following = replace(job, repository=collector, text=Occasion.AGAIN)
    return Outcome("handed-on", f"The digest of {home.full_name} is collected in {collector.full_name}.", (following,))


def _put(week: _Week, sending: Sending, step: Step) -> Outcome:
    """Writes the digest where it is not as it should be. A closed one stays closed: people want none."""
    name, digests = week.home.full_name, sending.digests(week.home)
    before = step("find", lambda: digests.found(week.mark))
    if before is not None and not before.open:
        return Outcome("closed", f"{name}#{before.number} is closed, so no digest is written until somebody opens it again.")
    told = week.told(before)
    counted = sending.count(
        week.recalls,
        repository=week.home,
        now=week.now.astimezone(zone_of(week.weekly)),
        since=told.since,
        troubles=sending.troubles(week.home.id, told.since),
    )
    if before is None and not counted.all:
        return Outcome(IGNORED, f"No escape of {name} is to be told of.")
    body = told.within(sending.render(counted))
    if before is not None and _same(before.body, body):
        return Outcome("sent", f"The digest {name}#{before.number} says everything already.")
    if week.dry:
        return Outcome("rehearsed", f"A dry run: the digest of {name} would be written, in {len(body):,} characters.")
    if before is not None:
        step("edit", lambda: digests.edit(before.number, body))
        return Outcome("sent", f"The digest {name}#{before.number} is up to date.")
    # Looked for in the very step that opens it: whoever was killed behind the opening has no checkpoint of it.
    opened = step("open", lambda: digests.found(week.mark) or digests.open(sending.title(), body, week.mark))
    return Outcome("sent", f"The digest of {name} is {name}#{opened.number}.")


def _same(one: str, other: str) -> bool:
    """GitHub may give line ends and trailing blanks back differently from how they were sent."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
