"""Looks up single pull requests and commits: those that texts name, and what GitHub's timeline leaves open about them.

What texts name is read by `app.analysis.mentions`; what to make of it is judged by `app.analysis.links`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from githubkit.response import Response
from githubkit_schemas.v2022_11_28.rest import RestNamespace

from app.analysis.links import Named
from app.analysis.mentions import Says, mentions
from app.domain.delivery import Repository
from app.domain.escape import Dropped, Fix, FixState, Link
from app.domain.timeline import Commit, Event, Happening, Pull, Timeline
from app.github import shapes
from app.github.fields import Fields, at, each, objects, record, text

MOST = 20
_SHORT_ANSWER = 160
_MOST_REBASED = 99

Verb = Callable[[RestNamespace], Response[Any, Any]]
Find = Callable[[str, Verb], object]


@dataclass(frozen=True, slots=True)
class Said:
    """A text about an issue. `answers` is True for a comment, which can be the answer to "which one fixed it?"; `asked` for
    one that came after recall had asked that.
    """

    text: str
    answers: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Lookups:
    """Looks things up in one repository. `find` gives the JSON that a verb answers, or None for what is not there."""

    find: Find
    home: Repository
    web_url: str

    def pull(self, number: int) -> Pull | None:
        """The pull request of that number; None for an issue, and for nothing at all."""
        owner, name = self.home.owner, self.home.name
        answer = record(self.find(f"reading pull request {number}", lambda rest: rest.pulls.get(owner, name, number)))
        return shapes.pull(answer, self.home) if answer else None

    def commit(self, ref: str) -> Commit | None:
        """The commit that a sha, its beginning, a branch or a tag names, with the pull request that brought it."""
        owner, name = self.home.owner, self.home.name
        answer = record(self.find(f"reading commit {ref[:40]}", lambda rest: rest.repos.get_commit(owner, name, ref, per_page=1)))
        if not text(answer, "sha"):
            return None
        commit = Commit(
            repository=self.home.full_name,
            sha=text(answer, "sha"),
            title=text(at(answer, "commit"), "message", 1000).partition("\n")[0],
            url=text(answer, "html_url", 1000),
            visibility=self.home.visibility,
        )
        return self.landed(commit)

    def landed(self, commit: Commit) -> Commit:
        """The commit with what is known of how it landed: the merged pull request that brought it, or that it is on the
        default branch without one.
        """
        owner, name, sha = self.home.owner, self.home.name, commit.sha
        brought = self.find(
            f"reading what brought {sha[:10]}",
            lambda rest: rest.repos.list_pull_requests_associated_with_commit(owner, name, sha, per_page=10),
        )
        pulls = (shapes.pull(entry, self.home) for entry in objects(brought) if _same(entry, self.home))
        merged = next((pull for pull in pulls if pull.state is FixState.MERGED), None)
        if merged:
            return replace(commit, pull=merged, on_default=True)
        basehead = f"{self.home.default_branch}...{sha}"
        compared = self.find(
            f"asking whether {sha[:10]} is on {self.home.default_branch}",
            lambda rest: rest.repos.compare_commits(owner, name, basehead, per_page=1),
        )
        return replace(commit, on_default=text(record(compared), "status") in ("behind", "identical"))

    def settle(self, timeline: Timeline) -> Timeline:
        """The timeline with its bare commits looked up, as far as they are few and lie here."""
        left = MOST
        settled: list[Happening] = []
        for happening in timeline.happenings:
            commit = happening.commit
            open_question = happening.event is Event.REFERENCED and happening.direct and commit and not commit.pull
            if commit and open_question and left and commit.repository.casefold() == self.home.full_name.casefold():
                left -= 1
                settled.append(replace(happening, commit=self.landed(commit)))
            else:
                settled.append(happening)
        return replace(timeline, happenings=tuple(settled))

    def named(
        self, texts: Iterable[Said], issue: int, known: Mapping[int, Pull]
    ) -> tuple[tuple[Named, ...], tuple[Dropped, ...]]:
        """What the texts of that issue name as a fix or without a claim, and what of it is not there, elsewhere or one too many.

        `known` are this repository's pull requests that the timeline has told, and that need no look.
        """
        found: list[Named] = []
        dropped: dict[Dropped, None] = {}
        left = MOST
        for told in _wanted(texts, self.home, self.web_url):
            mention = told.mention
            if mention.repository.casefold() != self.home.full_name.casefold():
                dropped[Dropped("other-repository", mention.name)] = None
            elif mention.number is not None and mention.number in known:
                found.append(replace(told, pull=known[mention.number]))
            elif mention.number == issue:
                continue
            elif not left:
                dropped[Dropped("too-many", str(MOST))] = None
            else:
                left -= 1
                entry = self._look_up(told)
                if entry:
                    found.append(entry)
                elif mention.number is None and (told.answer or mention.says is Says.FIX):
                    dropped[Dropped("not-found", mention.name)] = None
        return tuple(found), tuple(dropped)

    def _look_up(self, told: Named) -> Named | None:
        mention = told.mention
        if mention.number is not None:
            pull = self.pull(mention.number)
            return replace(told, pull=pull) if pull else None
        if mention.sha:
            commit = self.commit(mention.sha)
            return replace(told, commit=commit) if commit else None
        base = self.commit(mention.base or "")
        head = self.commit(mention.head or "")
        return replace(told, commit=head, base=base.sha) if base and head else None

    def whole(self, link: Link, pulls: Iterable[Pull]) -> Link:
        """The link with all of its fix: of a rebase merge GitHub records only the last of the rebased commits.

        It is one where the last commits on the branch carry, in order, the messages of the pull request's commits.
        """
        pull = next((p for p in pulls if p.number == link.fix.pull), None)
        if pull and not pull.commits:
            pull = self.pull(pull.number)
        if pull is None or not _may_be_rebased(link.fix, pull):
            return link
        owner, name, count, number = self.home.owner, self.home.name, pull.commits, pull.number
        proposed = self.find(
            f"reading the commits of pull request {number}",
            lambda rest: rest.pulls.list_commits(owner, name, number, per_page=100),
        )
        landed = self.find(
            f"reading the commits before {link.fix.head[:10]}",
            lambda rest: rest.repos.list_commits(owner, name, sha=link.fix.head, per_page=count),
        )
        base = _base_of_rebased(list(objects(landed)), [_message(entry) for entry in objects(proposed)])
        return replace(link, fix=replace(link.fix, base=base)) if base else link


def _wanted(texts: Iterable[Said], home: Repository, web_url: str) -> Iterator[Named]:
    """What is worth looking up, and whether it is the answer; what is called the cause never is the fix."""
    for said in texts:
        named = mentions(said.text, home.full_name, web_url)
        alone = said.answers and len(named) == 1 and len(said.text.strip()) <= _SHORT_ANSWER
        bare = len(said.text.split()) == 1
        for mention in named:
            plain = mention.says is Says.FIX or bare
            if mention.says is not Says.CAUSE:
                yield Named(mention, answer=alone, asked=alone and said.asked and plain)


def _may_be_rebased(fix: Fix, pull: Pull) -> bool:
    landed = fix.state is FixState.MERGED and fix.base is None and pull.merge_parents == 1
    return landed and 1 < pull.commits <= _MOST_REBASED


def _base_of_rebased(landed: list[Fields], proposed: list[str]) -> str | None:
    """The parent of the first rebased commit. `landed` is newest first, `proposed` oldest first."""
    if not proposed or [_message(commit) for commit in reversed(landed)] != proposed:
        return None
    parents = [[text(parent, "sha") for parent in each(commit, "parents")] for commit in landed]
    linear = all(above == [text(below, "sha")] for above, below in zip(parents, landed[1:], strict=False))
    return parents[-1][0] if linear and len(parents[-1]) == 1 else None


def _message(entry: Fields) -> str:
    return text(at(entry, "commit"), "message", 10_000).strip()


def _same(pull: Fields, home: Repository) -> bool:
    """Whether a pull request is this repository's own: a commit may also belong to one of a fork's."""
    return text(at(pull, "base", "repo"), "full_name").casefold() in ("", home.full_name.casefold())
