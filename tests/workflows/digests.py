"""A repository's digest issue as plain values, and everything that writing it may reach."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.analysis.digest import digest
from app.domain.configuration import Configuration, Settled
from app.domain.delivery import Repository
from app.domain.digest import Digest, Trouble, digest_marker
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.job import Recall, State
from app.domain.rolling import RollingIssue
from app.store.memory import Memory
from app.workflows.ports import Sending

SHOP = Repository(9, "acme/shop")
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MARK = digest_marker(SHOP.id)


def words(told: Digest) -> str:
    """A digest as plain words, so that tests can read them."""
    fresh = ",".join(str(item.issue) for item in told.fresh)
    uncaught = ",".join(str(item.issue) for item in told.open)
    return f"{MARK}\nfresh={fresh} open={uncaught} quiet={told.quiet} since={told.since[:10]} troubles={len(told.troubles)}"


@dataclass
class Board:
    """A repository with its issues of ours, the clock, and what was written. `lose` makes the next answer get lost."""

    now: datetime = MONDAY
    home: Repository = SHOP
    configuration: Configuration = field(default_factory=Configuration)
    records: Memory = field(init=False)
    issues: list[RollingIssue] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    asked: int = 0
    due: datetime | None = None
    collected: tuple[int, ...] = ()
    collects: str = ""
    refusal: RecallError | None = None
    lose: bool = False

    def __post_init__(self) -> None:
        self.records = Memory(lambda: self.now)

    def escape(self, number: int, repository: int = SHOP.id) -> None:
        """Somebody labels an issue, now."""
        self.records.save(Recall(repository, number, 5, SHOP.full_name, State.REPORTED, comment_id=100 + number))

    def later(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    @property
    def body(self) -> str:
        """What the only issue says, without its hidden lines."""
        (issue,) = self.issues
        return issue.body.splitlines()[-1]

    def found(self, mark: str) -> RollingIssue | None:
        self._may()
        ours = [issue for issue in self.issues if issue.body.startswith(mark)]
        return next((issue for issue in ours if issue.open), ours[-1] if ours else None)

    def open(self, title: str, body: str, mark: str) -> RollingIssue:
        self._may()
        self.writes.append(f"open {title}")
        self.issues.append(RollingIssue(len(self.issues) + 1, True, body))
        if self.lose:
            self.lose = False
            raise TryLater("GitHub answered 502.")
        return self.issues[-1]

    def edit(self, number: int, body: str) -> None:
        self._may()
        self.writes.append(f"edit {number}")
        self.issues[number - 1] = replace(self.issues[number - 1], body=body)
        if self.lose:
            self.lose = False
            raise TryLater("GitHub answered 502.")

    def _may(self) -> None:
        self.asked += 1
        if self.refusal:
            raise self.refusal

    def sending(self) -> Sending:
        return Sending(
            records=self.records,
            settled=self._settled,
            home=lambda: self.home,
            digests=lambda _home: self,
            schedule=self._schedule,
            collector=self._collector,
            collected=self._collected,
            troubles=lambda _repository, _since: (Trouble("forbidden", 2),),
            count=digest,
            render=words,
            title=lambda: "Escapes",
            now=lambda: self.now,
        )

    def _settled(self) -> Settled:
        self._may()
        return Settled(self.configuration)

    def _schedule(self, _home: Repository, due: datetime, collector: str) -> None:
        self.due, self.collects = due, collector

    def _collector(self, name: str) -> Repository:
        if name != "acme/home":
            raise GiveUp("recall is not installed there.", State.FORBIDDEN)
        return Repository(77, name)

    def _collected(self, _home: Repository) -> Iterable[int]:
        return self.collected
