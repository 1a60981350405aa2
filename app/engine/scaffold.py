"""Writes the regression test for a fix: reads what it is made from at one commit, decides with `app.analysis.scaffold`.

Nothing of the repository is run, and nothing is changed: what comes out is text.
"""

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.analysis import languages
from app.analysis.runners.by_hand import by_hand
from app.analysis.runners.detect import find_suite
from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.fill import MAX_TEMPLATE, unknown
from app.analysis.scaffold.literals import changed_literals
from app.analysis.scaffold.plain import title_of_fix
from app.analysis.scaffold.siblings import beside
from app.analysis.scaffold.signatures import Surroundings
from app.analysis.scaffold.targets import targets
from app.domain.change import ChangeSet
from app.domain.draft import Drafted
from app.domain.errors import TellUser
from app.domain.escape import Fix
from app.domain.report import Report
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Story, Target
from app.domain.seam import SeamKind
from app.domain.suite import Framework
from app.engine.explain import Asked, explain
from app.engine.weights import load_weights
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import Repository, find_commit, open_repository
from app.render.words import folder

OWN_TEMPLATES = ".github/recall"
MOST_NEIGHBOURS = 4
_REGULAR = ("100644", "100755")


Tell = Callable[[str], None]


def _silent(_sentence: str) -> None:
    pass


@dataclass
class _Commit:
    """The files of one commit, each read once."""

    repository: Repository
    sha: str
    tree: dict[str, Entry]
    texts: dict[str, bytes | None] = field(default_factory=dict)

    def load(self, paths: Iterable[str]) -> None:
        """Reads several files at once."""
        wanted = [path for path in paths if path in self.tree and path not in self.texts and self.tree[path].mode in _REGULAR]
        contents = read_blobs(self.repository, [self.tree[path].oid for path in wanted]).contents if wanted else {}
        self.texts.update({path: contents.get(self.tree[path].oid) for path in wanted})

    def bytes_of(self, path: str) -> bytes | None:
        """A file's bytes; None where it is not there, over-large or no regular file."""
        self.load([path])
        return self.texts.get(path)

    def read(self, path: str) -> str | None:
        """A file's text; undecodable bytes are kept as lone surrogates."""
        found = self.bytes_of(path)
        return None if found is None else found.decode(errors="surrogateescape")


@dataclass(frozen=True, slots=True)
class WriteScaffold:
    """The same for the bot, as the port `Scaffolding`: on the fix that was resolved for an issue and the report made of it."""

    def __call__(self, mirror: Path, *, fix: Fix, story: Story, report: Report, on: str) -> Drafted:
        """The test, written on the commit `on`. Raises as `write_scaffold` does."""
        revision = f"{fix.base}..{fix.head}" if fix.base else fix.head
        blueprint, own = plan_scaffold(mirror, revision, story, report=report, on=on)
        scaffold = _composed(blueprint, own, _silent)
        return Drafted(scaffold, blueprint.commit, by_hand(blueprint.suite, scaffold.test))


def write_scaffold(
    path: Path, fix: str, story: Story, *, report: Report | None = None, on: str = "HEAD", tell: Tell = _silent
) -> Scaffold:
    """The regression test for `fix`, written on the commit `on`; `report` is made if it is not given.

    A story without a title takes the fix's own subject. `tell` hears, in a sentence each, what was passed over. Raises
    TellUser where the repository or the fix is not there, nothing says where the test belongs, or its framework cannot be told.
    """
    return _composed(*plan_scaffold(path, fix, story, report=report, on=on), tell)


def _composed(blueprint: Blueprint, own: str | None, tell: Tell) -> Scaffold:
    """The test by the repository's own template where that makes a sound one, else by the shipped one."""
    framework = blueprint.suite.framework
    name = f"{OWN_TEMPLATES}/{framework}"
    if own is not None and (problem := _problem(own)):
        tell(f"{name} {problem}: the shipped template was used.")
    elif own is not None:
        try:
            return compose(blueprint, own)
        except TellUser:
            tell(f"{name} makes no test that could stand in {blueprint.path}: the shipped template was used.")
    return compose(blueprint, shipped_template(framework))


def plan_scaffold(
    path: Path, fix: str, story: Story, *, report: Report | None = None, on: str = "HEAD"
) -> tuple[Blueprint, str | None]:
    """What the test is made from, and the repository's own template, if it has one. Raises as `write_scaffold` does."""
    repository = open_repository(path)
    sha = find_commit(repository, on)
    report = report or explain(path, Asked(fix, text=f"{story.title}\n\n{_text(story)}"), load_weights())
    if report.change is None or not report.change.code:
        raise TellUser(f"Nothing says where a test for {fix} belongs: it changed no code that tests can be written for.")
    place = place_of(report)
    if place is None:
        raise TellUser(f"Nothing says where a test for {fix} belongs: no test is seen near the code that it changed.")
    story = story if story.title.strip() else replace(story, title=title_of_fix(report.change.subject))
    commit = _Commit(repository, sha, read_tree(repository, sha))
    if not _can_hold(place, commit):
        place = next((ranked.test.path for ranked in report.tests if _can_hold(ranked.test.path, commit)), place)
    suite = find_suite(place, commit.tree.keys(), commit.read)
    if suite is None:
        raise TellUser(f"The test framework of {place} cannot be told: write the test by hand.")
    existing = commit.read(place)
    found = _targets(report.change, commit, place)
    blueprint = Blueprint(
        suite=suite,
        story=story,
        path=place,
        existing=existing,
        targets=found,
        literals=changed_literals(report.change.code),
        neighbours=_neighbours(report, commit, place),
        beside=None if existing is None else beside(place, existing, found, story),
        seams=_seams(report),
        commit=sha,
        changed=tuple(
            (file.path, tuple(symbol.qualified for symbol in (*file.symbols, *file.new_symbols))) for file in report.change.code
        ),
    )
    return blueprint, commit.read(f"{OWN_TEMPLATES}/{suite.framework}")


def place_of(report: Report) -> str | None:
    """The file that the test goes to; where the report would not say, its best guess: a person has to look at it anyway."""
    if report.placement is not None:
        return report.placement.path
    return next((ranked.test.path for ranked in report.tests), None)


def _can_hold(path: str, commit: _Commit) -> bool:
    """Whether a test can stand there: some files of a test folder are only read, and neither their name nor text is a test's."""
    language = languages.language_of(path)
    if path not in commit.tree or not languages.is_parsed(language) or languages.is_test(posixpath.basename(path)):
        return True
    return languages.holds_tests(language, commit.bytes_of(path) or b"")


def _text(story: Story) -> str:
    return "\n".join([*story.given, *story.when, *story.then, *story.actual, *(s.text for s in story.snippets)])


def _targets(change: ChangeSet, commit: _Commit, place: str) -> tuple[Target, ...]:
    files = [file for file in change.code if file.opaque is None]
    commit.load(path for file in files for path in (file.path, file.before))
    now = {p: text for file in files for p in (file.path, file.before) if (text := commit.bytes_of(p)) is not None}
    base = _Commit(commit.repository, change.base, read_tree(commit.repository, change.base))
    base.load(file.before for file in files)
    before = {file.before: text for file in files if (text := base.bytes_of(file.before)) is not None}
    return targets(files, now, before, Surroundings(place, commit.tree.keys(), commit.read))


def _neighbours(report: Report, commit: _Commit, place: str) -> tuple[Neighbour, ...]:
    """The file itself, then the tests of its language that rank best or stand nearest, those of its own folder first."""
    language, home = languages.language_of(place), posixpath.dirname(place)
    ranked = [test.test.path for test in report.tests]
    near = [path for path in commit.tree if posixpath.dirname(path) == home and languages.is_test(path)]
    paths = dict.fromkeys([place, *sorted(ranked, key=lambda p: posixpath.dirname(p) != home), *_by_name(near, place)])
    same = [path for path in paths if languages.language_of(path) == language and path in commit.tree][: MOST_NEIGHBOURS + 1]
    commit.load(same)
    return tuple(Neighbour(path, text) for path in same if (text := commit.read(path)) is not None)[:MOST_NEIGHBOURS]


def _by_name(paths: Sequence[str], place: str) -> list[str]:
    return sorted(paths, key=lambda path: (-len(posixpath.commonprefix([path, place])), path))


def _seams(report: Report) -> tuple[SeamKind, ...]:
    """The kinds of far side that no test crosses with the change, those apart first."""
    seams = sorted(report.seams, key=lambda seam: (not seam.apart, bool(seam.tests_both)))
    return tuple(dict.fromkeys(seam.kind for seam in seams if not seam.tests_both or seam.severed_by))[:2]


def _problem(template: str) -> str:
    """Why a repository's own template is not used; empty if it is."""
    if not template.strip() or len(template) > MAX_TEMPLATE:
        return "is empty or over-large"
    if names := unknown(template):
        return f"has a placeholder that recall does not know (${names[0]})"
    return ""


def shipped_template(framework: Framework) -> str:
    """The template that recall brings for a framework."""
    return (folder() / "scaffold" / str(framework)).read_text(encoding="utf-8")
