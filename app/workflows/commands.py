"""What each command does, on an issue and on a pull request. Every effect may happen twice and ends in the same.

Who may give one, and how it is answered, is `app.workflows.follow_command`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from app.analysis.culprit.corrected import named, ruled_out
from app.analysis.labels import escape_label, escape_labels
from app.analysis.proofs import concerned
from app.analysis.rightness import guessed_culprit
from app.analysis.slash import judged, target
from app.domain.configuration import Configuration
from app.domain.correction import Corrections, Part, Verdict
from app.domain.escape import Fix, FixState, Issue
from app.domain.job import Job, Recall, State, Task
from app.domain.slash import Place, SlashCommand, Unfollowed, Verb, asked_key, quiet_key
from app.workflows.ports import Commanding

CHALLENGE_WORKFLOW = "recall-challenge.yml"


@dataclass(frozen=True, slots=True)
class Call:
    """One command with where it was given and what may be reached for it. `when` is the moment (ISO 8601) of the whole job."""

    command: SlashCommand
    job: Job
    place: Place
    when: str
    outside: Commanding

    @property
    def issue(self) -> Issue:
        """The issue, or what the pull request shares with issues."""
        return self.place.issue

    @property
    def configuration(self) -> Configuration:
        """The one in force."""
        return self.outside.settled().configuration

    @property
    def label(self) -> str:
        """The label that the issue carries, as people spell it there; "" where it carries none of those that mark an escape."""
        return escape_label(self.issue.labels, self._marks)

    @property
    def mark(self) -> str:
        """The label that marks an escape here."""
        return self._marks[0]

    @property
    def _marks(self) -> tuple[str, ...]:
        return escape_labels(self.configuration, self.outside.label)

    def known(self) -> Recall | None:
        """What is remembered of the issue."""
        return self.outside.records.recall(self.issue.repository.id, self.issue.number)

    def say(self, change: Callable[[Corrections], Corrections]) -> None:
        """Remembers what was said, also of an issue that was not reported on yet."""
        home, number = self.issue.repository, self.issue.number
        if self.known() is None:
            begun = Recall(home.id, number, self.job.installation, home.full_name, State.WAITING, title=self.issue.title)
            self.outside.records.save(begun)
        self.outside.records.keep_said(home.id, number, change)

    def next(self, task: Task, number: int | None = None) -> Job:
        """A job on the same issue or pull request, or on the given number."""
        return replace(self.job, task=task, number=number or self.job.number, text="", comment=None)

    def refused(self, reason: str, name: str = "", near: Verb | None = None) -> "Followed":
        """That the command is not followed."""
        return Followed(unfollowed=Unfollowed(self.command, reason, name, near))


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a command: the jobs to be done next, why it was not followed, or that help was asked for."""

    next: tuple[Job, ...] = ()
    unfollowed: Unfollowed | None = None
    helps: bool = False


def follow(call: Call, near: Verb | None) -> Followed:
    """Does what the command asks for. `near` is the verb that an unknown word may mean."""
    if call.command.verb is None:
        return call.refused("unknown", near=near)
    acts = _ON_PULL if call.place.on_pull else _ON_ISSUE
    act = acts.get(call.command.verb)
    if act is None:
        return call.refused("only-on-issues")
    if not call.place.on_pull and call.command.verb in _OF_AN_ESCAPE and not call.label:
        return call.refused("not-labelled", call.mark)
    return act(call)


def _recall(call: Call) -> Followed:
    """Sets the label where it is not there, ends what was made quiet, and brings a comment back that was deleted."""
    number, records = call.issue.number, call.outside.records
    known = call.known()
    if known is not None:
        call.say(lambda said: replace(said, quiet=False))
        if known.comment_id is not None and all(one.id != known.comment_id for one in call.outside.forge.comments(number)):
            records.save(replace(known, comment_id=None))
    records.follow(call.issue.repository.id, asked_key(number))
    if not call.label:
        call.outside.talk.label(number, call.mark)
    return Followed((call.next(Task.REPORT_ESCAPE),))


def _again(call: Call) -> Followed:
    """Looks at a pull request again."""
    if call.outside.records.followed(call.issue.repository.id, quiet_key(call.issue.number)):
        return call.refused("quiet-here")
    return Followed((call.next(Task.REVIEW_PULL), call.next(Task.CHECK_PROOF)))


def _fix(call: Call) -> Followed:
    fix = _named(call)
    if isinstance(fix, Followed):
        return fix
    if fix.state is FixState.CLOSED:
        return call.refused("fix-closed", f"#{fix.pull}")
    of_pull = call.command.argument.casefold() != fix.head[: len(call.command.argument)] and fix.pull is not None
    name = f"#{fix.pull}" if of_pull else fix.head
    known = call.known()
    guessed = known is not None and known.fix_head is not None and not known.said.fix
    right = known is not None and (known.fix_head == fix.head or (fix.pull is not None and known.fix_pull == fix.pull))
    verdict = Verdict(Part.LINK, right, call.when) if guessed else None
    call.say(lambda said: _judged(replace(said, fix=name), verdict))
    return Followed((call.next(Task.REPORT_ESCAPE),))


def _culprit(call: Call) -> Followed:
    fix = _named(call)
    if isinstance(fix, Followed):
        return fix
    verdict = _of_the_guess(call, fix)
    call.say(lambda said: _judged((named if call.command.verb is Verb.CULPRIT else ruled_out)(said, fix.head), verdict))
    return Followed((call.next(Task.REPORT_ESCAPE),))


def _of_the_guess(call: Call, fix: Fix) -> Verdict | None:
    """What naming or ruling out a commit says of recall's own guess; nothing where it made none, or where people spoke before."""
    known = call.known()
    if known is None or known.said.culprit or fix.head in known.said.not_culprits:
        return None
    guessed = guessed_culprit(known.report, fix.head, fix.pull)
    if guessed is None or (call.command.verb is Verb.NOT_CULPRIT and not guessed):
        return None
    return Verdict(Part.CULPRIT, guessed and call.command.verb is Verb.CULPRIT, call.when)


def _named(call: Call) -> Fix | Followed:
    """The pull request or commit that the command names, or why there is none."""
    home, argument = call.issue.repository, call.command.argument
    mention = target(argument, home.full_name, call.outside.web_url) if argument else None
    if mention is None:
        return call.refused("names-nothing", argument)
    if mention.repository.casefold() != home.full_name.casefold():
        return call.refused("elsewhere", mention.name)
    return call.outside.talk.fix(mention) or call.refused("not-found", argument)


def _draft(call: Call) -> Followed:
    rights = call.outside.talk.rights()
    if not call.configuration.drafts or call.configuration.drafts_per_day == 0:
        return call.refused("drafts-off")
    if not (rights.contents_write and rights.pulls_write):
        return call.refused("no-right-to-draft")
    known = call.known()
    if known is None or not (known.state is State.REPORTED or known.said.fix):
        return call.refused("no-merged-fix")
    call.say(lambda said: replace(said, draft=True))
    return Followed((call.next(Task.DRAFT_TEST),))


def _prove(call: Call) -> Followed:
    """Reads the newest receipts of the pull request that brings the test."""
    known = call.known()
    number = call.issue.number if call.place.on_pull else (known.guard.pull or known.fix_pull) if known else None
    if number is None:
        return call.refused("no-test")
    run = call.outside.talk.receipts(call.outside.pull(number).head)
    if run is None:
        return call.refused("no-receipt", f"#{number}")
    return Followed((call.next(Task.READ_RECEIPTS, run),))


def _challenge(call: Call) -> Followed:
    """Starts a new challenge where recall may, else reads the newest one."""
    if call.outside.talk.start(CHALLENGE_WORKFLOW):
        return Followed()
    run = call.outside.talk.challenges()
    return Followed((call.next(Task.READ_RECEIPTS, run),)) if run else call.refused("no-challenge")


def _withdraw(call: Call) -> Followed:
    call.outside.talk.unlabel(call.issue.number, call.label)
    return Followed((call.next(Task.REPORT_ESCAPE),))


def _wrong(call: Call) -> Followed:
    part, why = judged(call.command.argument)
    call.say(lambda said: _judged(said, Verdict(part, False, call.when, why)))
    return Followed((call.next(Task.REPORT_ESCAPE),))


def _wrong_on_pull(call: Call) -> Followed:
    """On recall's draft it is about the draft, on a fix about what recall says of it, unless it names the part."""
    recalls = concerned(call.outside.records.recalls(call.issue.repository.id), call.issue.number)
    if not recalls:
        return call.refused("no-recall-here")
    part, why = judged(call.command.argument)
    for recall in recalls:
        meant = Part.DRAFT if recall.guard.pull == call.issue.number and why == call.command.argument else part
        change = partial(_judged, verdict=Verdict(meant, False, call.when, why))
        call.outside.records.keep_said(recall.repository_id, recall.number, change)
    return Followed(tuple(call.next(Task.REPORT_ESCAPE, recall.number) for recall in recalls))


def _judged(said: Corrections, verdict: Verdict | None) -> Corrections:
    """With that verdict too, once."""
    return replace(said, verdicts=tuple(dict.fromkeys((*said.verdicts, verdict)))) if verdict else said


def _quiet(call: Call) -> Followed:
    call.say(lambda said: replace(said, quiet=True))
    return Followed()


def _quiet_on_pull(call: Call) -> Followed:
    call.outside.records.follow(call.issue.repository.id, quiet_key(call.issue.number))
    return Followed((call.next(Task.REVIEW_PULL),))


def _help(_call: Call) -> Followed:
    return Followed(helps=True)


_Acts = Mapping[Verb, Callable[[Call], Followed]]

_OF_AN_ESCAPE = frozenset(
    {Verb.FIX, Verb.CULPRIT, Verb.NOT_CULPRIT, Verb.DRAFT, Verb.PROVE, Verb.WITHDRAW, Verb.WRONG, Verb.QUIET}
)
"""What makes sense on an issue alone that carries the label."""

_ON_ISSUE: _Acts = {
    Verb.RECALL: _recall,
    Verb.FIX: _fix,
    Verb.CULPRIT: _culprit,
    Verb.NOT_CULPRIT: _culprit,
    Verb.DRAFT: _draft,
    Verb.PROVE: _prove,
    Verb.CHALLENGE: _challenge,
    Verb.WITHDRAW: _withdraw,
    Verb.WRONG: _wrong,
    Verb.QUIET: _quiet,
    Verb.HELP: _help,
}
_ON_PULL: _Acts = {
    Verb.RECALL: _again,
    Verb.PROVE: _prove,
    Verb.CHALLENGE: _challenge,
    Verb.WITHDRAW: _quiet_on_pull,
    Verb.WRONG: _wrong_on_pull,
    Verb.QUIET: _quiet_on_pull,
    Verb.HELP: _help,
}
