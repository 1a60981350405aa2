"""The draft in words: title and body of the pull request, its farewell, and the lines about it in the issue's comment.

Titles and bodies end up in commit messages when they are merged, so nothing in them may close an issue or call anybody.
"""

import shlex
from dataclasses import dataclass

from app.domain.comment import MARKER_PREFIX, CommentFacts
from app.domain.draft import BRANCH_PREFIX, REHEARSED, DraftFacts, DraftState, DraftText, Guard, ProofState, Refusal
from app.domain.escape import Fix, Issue
from app.render import defuse, words
from app.render.guard import guard_sentence
from app.render.links import Links
from app.render.sentences import Sentences
from app.render.words import Written

LONGEST_PATCH = 20_000
"""Characters of a patch that a comment shows: it shares the comment with the report."""

_TITLE = 90
_SILENT = frozenset({"", "no-fix", "not-merged", "no-place", "withdrawn"})


def draft_text(facts: DraftFacts) -> DraftText:
    """Title and body of the draft; the body opens with its hidden marker."""
    hand = words.plain()
    title = hand.say("draft", "title-plain" if facts.plain else "title", number=facts.issue.number, title=_title(facts.issue))
    body = defuse.without_closing(words.markdown().fill("pull_request.md.j2", view=DraftView(facts)))
    if not body.startswith(f"{facts.marker}\n") or body.count(MARKER_PREFIX) != 1:
        raise ValueError("a draft's body has to open with its marker and hold no other")
    return DraftText(title, body)


def farewell(issue: Issue, theirs: bool, web_url: str = "https://github.com") -> str:
    """The word on a draft whose issue lost the label; `theirs` where people have worked on it. The marker is its first line."""
    kind = "theirs" if theirs else "close"
    said = words.markdown().say("draft", f"farewell-{kind}", issue=_issue(issue, Links(web_url, issue.repository.full_name)))
    return f"{MARKER_PREFIX}farewell={kind} issue={issue.ref.repository_id}/{issue.number} -->\n{said}"


class DraftView:
    """The draft's body, part by part."""

    def __init__(self, facts: DraftFacts) -> None:
        self._facts, self._scaffold = facts, facts.drafted.scaffold
        self._links = Links(facts.web_url, facts.issue.repository.full_name, facts.report.base)
        self._hand = words.markdown()
        self._sentences = Sentences(self._hand, self._links)
        self.marker = Written(facts.marker)

    @property
    def headline(self) -> Written:
        """Whether it is finished."""
        return self._hand.say("draft", "headline-asserts" if self._scaffold.asserts else "headline-scaffold")

    @property
    def basis(self) -> Written:
        """The issue."""
        return self._hand.say("draft", "basis", issue=self._issue, title=self._facts.issue.title)

    @property
    def escaped(self) -> Written:
        """What escaped: the report's first line, and the fix."""
        change = self._facts.report.change
        parts = self._sentences.fix(change) if change else {"size": Written(), "symbols": Written()}
        verdict = self._sentences.verdict(self._facts.report)
        return self._hand.say("draft", "escaped", **parts | {"verdict": verdict, "fix": self._fix})

    @property
    def where(self) -> Written:
        """The lines of the test, on the draft's branch, and why they are there."""
        span, path = self._scaffold.span, self._scaffold.test.path
        address = self._links.file(path, span, sha=f"{BRANCH_PREFIX}{self._facts.issue.number}")
        return self._hand.say(
            "draft",
            "where",
            new=self._scaffold.new,
            path=self._hand.link(self._hand.code(path), address),
            lines=span.end - span.start + 1,
            reason=self._sentences.placement_reason(self._facts.report),
        )

    @property
    def todo(self) -> tuple[Written, ...]:
        """What is left to do, the last of it always the same."""
        return (*(self._hand.say("todo", one) for one in self._scaffold.todo), self._hand.say("draft", "ready"))

    @property
    def run(self) -> Written:
        """The commands that run and prove it, to be copied."""
        drafted, name = self._facts.drafted, str(self._scaffold.test)
        prove = f"recall prove {shlex.quote(name)} --fix {self._facts.marker.fix[:12]}" if name.isprintable() else ""
        lines = [line for line in (drafted.run, prove) if line and not defuse.closes(line) and MARKER_PREFIX not in line]
        return fenced("\n".join(lines), "sh") if lines else Written()

    @property
    def proof(self) -> Written:
        """What is known of it, or how to find out."""
        facts = self._facts
        if facts.proof is ProofState.UNKNOWN:
            return self._hand.say("draft", "proof-unknown")
        known = Guard(proof=facts.proof, run_url=facts.run_url)
        return Written(f"{self._hand.capital(guard_sentence(self._hand, known))}.")

    @property
    def provenance(self) -> Written:
        """What it was made from, and how to be rid of it."""
        base = self._facts.drafted.base
        commit = self._hand.commit(base, self._links.commit(base))
        return self._hand.say("draft", "provenance", issue=self._issue, fix=self._fix, base=commit)

    @property
    def _issue(self) -> Written:
        return _issue(self._facts.issue, self._links)

    @property
    def _fix(self) -> Written:
        return _name(self._facts.fix, self._facts.web_url)


@dataclass(frozen=True, slots=True)
class Told:
    """What the comment says of the draft: one paragraph, and the patch as a fold with its title where there is one."""

    line: Written
    title: Written
    patch: Written


def told(facts: CommentFacts) -> Told:
    """The lines about the draft of a comment's issue; empty where there is nothing to say."""
    guard, links = facts.guard, Links(facts.web_url, facts.repository)
    hand = words.markdown()
    name = guard.branch or f"{BRANCH_PREFIX}{facts.issue.number}"
    branch = hand.link(hand.code(name), links.home and f"{links.home}/tree/{name}")
    slug = _slug(guard)
    if not slug:
        return Told(Written(), Written(), Written())
    rehearsed = hand.say("draft", "not-opened") if guard.pull == REHEARSED else Written()
    line = hand.say(
        "draft",
        slug,
        pull=hand.link(Written(f"#{guard.pull}"), links.pull(guard.pull)) if guard.pull else rehearsed,
        branch=branch,
        reason=hand.say("draft", f"why-{guard.why}", branch=branch) if guard.why else Written(),
        withdrawn=guard.why == "withdrawn",
        plain=guard.why == Refusal.DRAFTS,
        has_test=guard.why == "fix-has-test",
        proof=guard_sentence(hand, guard),
        run=guard.run,
        command=f"recall scaffold {facts.link.fix.head[:12] if facts.link else 'FIX'} --issue FILE --write",
    )
    if slug != "patch":
        return Told(line, Written(), Written())
    return Told(line, hand.say("draft", "fold"), fenced(guard.patch, "diff"))


def _slug(guard: Guard) -> str:
    """Which sentence it is."""
    match guard.draft:
        case DraftState.PATCH:
            return "patch" if _can_be_shown(guard.patch) else "patch-unshown"
        case DraftState.NONE:
            return "" if guard.why in _SILENT else "none"
        case DraftState.OPEN if guard.why not in _SILENT and guard.why != Refusal.DRAFTS:
            return "stays"
        case state:
            return state.value


def _can_be_shown(patch: str) -> bool:
    """Not too long, nothing that GitHub would not take as text, and nothing that would be found as a marker."""
    whole = patch.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in patch)
    return bool(patch) and whole and len(patch) <= LONGEST_PATCH and "\0" not in patch and MARKER_PREFIX not in patch


def fenced(text: str, language: str) -> Written:
    """A block of code whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in _runs(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Written(f"{fence}{language}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{fence}")


def _runs(text: str) -> list[str]:
    return "".join(sign if sign == "`" else " " for sign in text).split()


def _title(issue: Issue) -> Written:
    return Written(defuse.plain_words(issue.title, _TITLE))


def _issue(issue: Issue, links: Links) -> Written:
    return words.markdown().link(Written(f"#{issue.number}"), links.home and f"{links.home}/issues/{issue.number}")


def _name(fix: Fix, web_url: str) -> Written:
    hand, links = words.markdown(), Links(web_url, fix.repository)
    if fix.pull is not None:
        return hand.link(Written(f"#{fix.pull}"), links.pull(fix.pull))
    return hand.commit(fix.head, links.commit(fix.head))
