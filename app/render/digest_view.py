"""What stands where in the weekly digest: picks, orders and links what was counted, in the words of one hand.

The layouts are `templates/digest.md.j2` and `templates/digest.html.j2`; the charts' drawings are `app.render.charts`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.analysis.rankings import SIDES
from app.domain.course import Stage
from app.domain.digest import Count, Digest, Item, Trouble, box_marker, digest_marker
from app.render import charts
from app.render.defuse import clean
from app.render.links import Links
from app.render.sentences import age
from app.render.words import Hand, Written

_SEAMS_NAMED = 2
_RANKED = 8
_ISSUES_NAMED = 6
_TITLE = 70
_DAY = 86_400
_ROUND = 60
"""Seconds: what lies within is told as the same time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table, a list or both, and how much of it was cut. `numbers` are the columns that hold numbers, `values` the number that
    is drawn beside each row, `chart` the chart as Mermaid draws it.
    """

    title: str = ""
    header: tuple[Written, ...] = ()
    rows: tuple[tuple[Written, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    items: tuple[Written, ...] = ()
    left_out: int = 0
    chart: str = ""
    values: tuple[int, ...] = ()

    @property
    def most(self) -> int:
        """The largest of the values."""
        return max(self.values, default=0)


@dataclass(frozen=True, slots=True)
class Fold:
    """Folded details of one sort."""

    title: Written
    parts: tuple[Part, ...]


class View:
    """One digest, part by part, in one hand; `rows` and `entries` bound the table and each list of a fold."""

    def __init__(self, digest: Digest, hand: Hand, web_url: str, rows: int, entries: int) -> None:
        self.digest, self._hand, self._web_url, self._entries = digest, hand, web_url, entries
        self._now = datetime.fromisoformat(digest.when)
        worst_first = sorted(digest.open, key=lambda item: item.stage is not Stage.ROTTEN)
        known = set(digest.open)
        self._shown = (*worst_first, *(item for item in digest.fresh if item not in known))[:rows]
        self._rest = tuple(worst_first[rows:])

    @property
    def marker(self) -> Written:
        """The first line."""
        return Written(digest_marker(self.digest.repository_id))

    @property
    def home(self) -> Written:
        """Where it is written, as a link."""
        return self._hand.link(self._hand.prose(self.digest.repository), Links(self._web_url, self.digest.repository).home)

    @property
    def headline(self) -> Written:
        """How many escapes are uncaught."""
        return self._say("headline", uncaught=self.digest.uncaught, all=self.digest.all)

    @property
    def before(self) -> Written:
        """The same a week ago, where that is known."""
        weeks = self.digest.weeks
        return self._say("before", week=weeks[-2]) if len(weeks) > 1 else Written()

    @property
    def first(self) -> tuple[Written, ...]:
        """What has to be read before the table: guards that rot, what is new, or that nothing is."""
        digest, found = self.digest, []
        if digest.rotten:
            found.append(self._say("rotten", number=len(digest.rotten), issues=self._escapes(digest.rotten)))
        if digest.fresh:
            found.append(self._say("fresh", day=digest.since[:10], issues=self._escapes(digest.fresh)))
        if digest.quiet:
            slug = "quiet" if digest.last else "quiet-never"
            found.append(self._say(slug, day=digest.last[:10], age=self._age(digest.last)))
        return tuple(found)

    @property
    def table(self) -> Part:
        """The escapes to look at, guards that rot first, then the oldest; then what is new and already caught."""
        return self._items(self._shown)

    @property
    def lines(self) -> tuple[Written, ...]:
        """Seams, times and people's verdict, a sentence each."""
        found = [self._seams(), " ".join(part for part in (self._times(), self._slowest()) if part), self._right()]
        return tuple(Written(line) for line in found if line)

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Everything else; a fold with nothing in it is left out."""
        kept, left_out = self._rest[: self._entries], max(0, len(self._rest) - self._entries)
        folds = (
            (self._say("fold-open", number=len(self._rest)), [self._items(kept, left_out)]),
            (self._say("fold-course"), [self.trend, self.funnel]),
            (self._say("fold-causes"), [self.whys, self.seams, self.paths]),
            (self.troubles_title, [self.troubles]),
            (self._say("fold-boxes"), [self._boxes()]),
        )
        filled = ((title, tuple(part for part in parts if part.rows or part.items)) for title, parts in folds)
        return tuple(Fold(title, parts) for title, parts in filled if parts)

    @property
    def trend(self) -> Part:
        """How it stood, week by week."""
        weeks = self.digest.weeks if len(self.digest.weeks) > 1 else ()
        rows = tuple((Written(week.day), _number(week.uncaught), _number(week.all)) for week in weeks)
        chart = charts.mermaid_trend(weeks, self._say("chart-trend"))
        return Part(self._say("part-trend"), self._header("week", "uncaught", "all"), rows, (1, 2), chart=chart)

    @property
    def funnel(self) -> Part:
        """How many escapes reached each stage."""
        values = tuple((self._say(f"bar-{stage}"), number) for stage, number in self.digest.funnel if self.digest.all)
        rows = tuple((label, _number(number)) for label, number in values)
        chart = charts.mermaid_bars(values, self._say("chart-funnel"))
        drawn = tuple(number for _, number in values)
        return Part(self._say("part-funnel"), self._header("stage", "number"), rows, (1,), chart=chart, values=drawn)

    @property
    def whys(self) -> Part:
        """Why they escaped."""
        return self._ranking("whys", "why", self.digest.whys, lambda count: self._say(f"why-{count.name}"))

    @property
    def seams(self) -> Part:
        """The seams that let most through."""
        return self._ranking("seams", "seam", self.digest.seams, self._seam)

    @property
    def paths(self) -> Part:
        """The files that most fixes changed."""
        return self._ranking("paths", "path", self.digest.paths, lambda count: self._placed(count, self._hand.code(count.name)))

    @property
    def troubles(self) -> Part:
        """What recall could not do, and how often."""
        kept = self.digest.troubles[: self._entries]
        rows = tuple((self._trouble(one), _number(one.times)) for one in kept)
        left_out = len(self.digest.troubles) - len(kept)
        return Part(header=self._header("trouble", "times"), rows=rows, numbers=(1,), left_out=left_out)

    @property
    def troubles_title(self) -> Written:
        """What the table of troubles is called."""
        return self._say("fold-troubles")

    @property
    def foot(self) -> Written:
        """The last line of the issue: what all this rests on."""
        return self._say("foot", day=self._day())

    @property
    def page_foot(self) -> Written:
        """The last line of the page."""
        return self._say("foot-page", day=self._day())

    @property
    def text_foot(self) -> Written:
        """The last line in a terminal."""
        return self._say("foot-text", day=self._day())

    def row(self, labelled: Written, state: Written, coming: Written) -> Written:
        """A row of the table without its escape, as a line."""
        done = coming == self._say("next-")
        return self._say("row-done" if done else "row", labelled=labelled, state=state, next=coming)

    @property
    def columns(self) -> tuple[charts.Column, ...]:
        """The trend as a drawing; empty while there are not two weeks of it."""
        return charts.columns(self.digest.weeks) if len(self.digest.weeks) > 1 else ()

    @property
    def tiles(self) -> tuple[tuple[str, Written], ...]:
        """Single numbers, each with what it is."""
        digest, found = self.digest, []
        for took, slug in ((digest.to_red, "red"), (digest.to_green, "green")):
            if took is not None:
                found.append((age(took / _DAY), Written(f"{self._say('tile-median')} {self._say(f'tile-{slug}')}")))
        if digest.slowest is not None and digest.waits is not None:
            found.append((age(digest.waits / _DAY), self._say("tile-slowest", step=self._say(f"step-{digest.slowest}"))))
        right = [
            (f"{one.right} of {one.of}", self._say("tile-right", part=self._say(f"part-{one.part}")))
            for one in digest.rightness
            if one.of
        ]
        return (*found, *right)

    def _day(self) -> Written:
        offset = self.digest.when[19:]
        zone = "UTC" if offset in ("+00:00", "Z") else f"UTC{offset}"
        return Written(f"{self.digest.when[:16].replace('T', ' ')} {zone}")

    def _items(self, items: Sequence[Item], left_out: int = 0) -> Part:
        header = self._header("escape", "labelled", "state", "next")
        return Part(header=header, rows=tuple(self._row(item) for item in items), left_out=left_out)

    def _row(self, item: Item) -> tuple[Written, ...]:
        title = self._hand.prose(clean(item.title, _TITLE))
        stage = self._say(f"stage-{item.stage}")
        stays = self._age(item.since) if item.since and self._apart(item.since, item.labelled) else ""
        return (
            Written(f"{self._escape(item.repository, item.issue)} {title}".strip()),
            self._say("ago", age=self._age(item.labelled)),
            self._say("state", stage=stage, age=stays),
            self._say(f"next-{item.next}", draft=self._draft(item)),
        )

    def _apart(self, one: str, other: str) -> bool:
        """Whether two times are different ones for people."""
        if not (one and other):
            return bool(one)
        return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) > _ROUND

    def _seams(self) -> str:
        most = [count for count in self.digest.seams[:_SEAMS_NAMED] if count.number > 1]
        named = [self._say("seam-of", seam=self._seam(count), number=count.number) for count in most]
        return self._say("seams", seams=self._hand.listed(named)) if named else ""

    def _times(self) -> str:
        red, green = (age(took / _DAY) if took is not None else "" for took in (self.digest.to_red, self.digest.to_green))
        return self._say("times", red=red, green=green) if red or green else ""

    def _slowest(self) -> str:
        digest = self.digest
        if digest.slowest is None or digest.waits is None:
            return ""
        return self._say("slowest", step=self._say(f"step-{digest.slowest}"), age=age(digest.waits / _DAY))

    def _right(self) -> str:
        parts = [self._say(f"right-{one.part}", right=one.right, of=one.of) for one in self.digest.rightness if one.of]
        return self._say("right", parts=self._hand.listed(parts)) if parts else ""

    def _ranking(self, name: str, column: str, counts: Sequence[Count], say: Callable[[Count], Written]) -> Part:
        kept = counts[: min(_RANKED, self._entries)]
        rows = tuple((say(count), _number(count.number), self._issues(count)) for count in kept)
        # What a repository calls its files stays out of the charts: Mermaid has no way of quoting that holds everything.
        values = [(say(count), count.number) for count in kept] if column == "why" else []
        chart = charts.mermaid_bars(values, self._say("chart-whys"))
        header = self._header(column, "number", "issues")
        drawn = tuple(count.number for count in kept)
        return Part(self._say(f"part-{name}"), header, rows, (1,), (), len(counts) - len(kept), chart, drawn)

    def _seam(self, count: Count) -> Written:
        near, _, far = count.name.partition(SIDES)
        return self._placed(count, Written(f"{self._hand.code(near)}{SIDES}{self._hand.code(far)}"))

    def _placed(self, count: Count, name: Written) -> Written:
        """The name, with its repository where that is another one."""
        home = count.issues[0][0] if count.issues else self.digest.repository
        return name if home == self.digest.repository else Written(f"{self._hand.code(home)} {name}")

    def _issues(self, count: Count) -> Written:
        return self._hand.listed([self._escape(*issue) for issue in count.issues], _ISSUES_NAMED)

    def _trouble(self, trouble: Trouble) -> Written:
        if trouble.sentence:
            return self._say("trouble-told", sentence=trouble.sentence)
        if trouble.reason.startswith("draft-"):
            reason = self._hand.say("draft", f"why-{trouble.reason.removeprefix('draft-')}", branch="")
            return self._say("trouble-draft", reason=reason)
        return self._say(f"trouble-{trouble.reason}")

    def _boxes(self) -> Part:
        """A line for each box of each escape; the hidden mark says which it is."""
        items = [item for item in (*self._shown, *self._rest) if item.boxes]
        lines = [
            Written(
                f"[ ] {box_marker(box, item.issue)} {self._say(f'box-{box}', escape=self._escape(item.repository, item.issue))}"
            )
            for item in items[: self._entries]
            for box in item.boxes
        ]
        if not lines:
            return Part()
        return Part(self._say("boxes"), items=tuple(lines), left_out=max(0, len(items) - self._entries))

    def _escapes(self, items: Sequence[Item]) -> Written:
        return self._hand.listed([self._escape(item.repository, item.issue) for item in items], _ISSUES_NAMED)

    def _escape(self, repository: str, issue: int) -> Written:
        links = Links(self._web_url, repository)
        home = "" if repository == self.digest.repository else self._hand.prose(repository)
        return self._hand.link(Written(f"{home}#{issue}"), links.home and f"{links.home}/issues/{issue}")

    def _draft(self, item: Item) -> Written:
        if item.pull is None:
            return Written()
        return self._hand.link(Written(f"#{item.pull}"), Links(self._web_url, item.repository).pull(item.pull))

    def _age(self, when: str) -> str:
        """How long ago that was; "" for an unknown time."""
        if not when:
            return ""
        return age(max(0.0, (self._now - datetime.fromisoformat(when)).total_seconds()) / _DAY)

    def _header(self, *slugs: str) -> tuple[Written, ...]:
        return tuple(self._say(f"heading-{slug}") for slug in slugs)

    def _say(self, slug: str, **values: object) -> Written:
        return self._hand.say("digest", slug, **values)


def _number(number: int) -> Written:
    return Written(f"{number:,}")
