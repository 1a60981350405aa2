"""Keeps the one draft pull request of a labelled issue as it should be: reads everything again, decides, writes what differs.

Nothing is taken over from the delivery but the issue's address, and every write looks first. So the job can be run twice,
late, or killed at any point and run again, and ends in one branch with one pull request, or in none.
"""

import hashlib
from dataclasses import dataclass, replace

from app.analysis import draft
from app.analysis.draft import Act, Decision
from app.analysis.patch import patch
from app.analysis.scaffold.story import read_story
from app.domain.draft import (
    Drafted,
    DraftFacts,
    DraftPull,
    DraftState,
    DraftText,
    Guard,
    PullState,
    Refusal,
    draft_prefix,
)
from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.escape import Issue
from app.domain.job import Job, Outcome, State, Task
from app.workflows.draft_standing import Recalled, Seen, gather, told
from app.workflows.one_comment import ours, post
from app.workflows.ports import Drafting, Step, inline

IGNORED = "ignored"


def draft_test(job: Job, drafting: Drafting, step: Step = inline) -> Outcome:
    """Brings the draft of the job's issue up to date. The outcome's state is a `DraftState`, or `ignored`.

    Raises TryLater where GitHub or git could not answer now.
    """
    if job.repository is None or job.number is None:
        return Outcome(IGNORED, "The delivery named no issue.")
    repository, number, records = job.repository, job.number, drafting.outside.records
    name = f"{repository.full_name}#{number}"
    known = step("recall", lambda: records.recall(repository.id, number))
    if known is None:
        return Outcome(IGNORED, f"Nothing was reported on {name}, so there is nothing to draft.")
    try:
        done = _settle(Recalled(number, known.guard, known.said, drafting, step))
    except GiveUp as end:
        return Outcome(end.state, str(end))
    guard = step("guard", lambda: records.keep_guard(repository.id, number, done.remembered))
    if known.said.draft and done.decision.writes_code:
        step("given", lambda: records.keep_said(repository.id, number, lambda said: replace(said, draft=False)))
    where = f", pull request {guard.pull}" if guard.pull else ""
    why = f" ({guard.why}{': ' + done.problem if done.problem else ''})" if guard.why else ""
    return Outcome(guard.draft, f"The draft of {name} is {guard.draft}{why}{where}.", _next(job, known.guard, guard, done.fix))


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of it. `fix` is the fix's pull request where the test that it brought is to be proved instead."""

    decision: Decision
    pull: int | None = None
    branch: str = ""
    digest: str = ""
    patch: str = ""
    run: str = ""
    fix: int | None = None
    problem: str = ""

    def remembered(self, guard: Guard) -> Guard:
        """The guard with this in it; the proof is others' to say."""
        return replace(
            guard,
            draft=self.decision.state,
            why=self.decision.why,
            pull=self.pull,
            branch=self.branch,
            digest=self.digest or guard.digest,
            patch=self.patch,
            run=self.run or guard.run,
        )


def _settle(of: Recalled) -> _Done:
    """Gathers, decides, acts. Raises GiveUp where the issue or the repository is out of reach for good."""
    seen = gather(of)
    decision = draft.decide(seen.standing)
    if decision.act is Act.CREATE and seen.without_drafts:
        decision = draft.fall_back(seen.standing.configuration.draft_fallback)
    return _with_test(of, seen, decision) if decision.writes_code else _without_test(of, seen, decision)


def _without_test(of: Recalled, seen: Seen, decision: Decision) -> _Done:
    """Leaves the draft as it is, or closes it with a word."""
    drafts, pull = of.drafting.drafts, seen.standing.pull
    if pull is not None and decision.act in (Act.TELL, Act.CLOSE):
        of.step("farewell", lambda: _say(of, seen.issue, pull.number, theirs=decision.act is Act.TELL))
    if decision.act is Act.CLOSE:
        of.step("close", lambda: drafts.set_open(pull.number, False) if pull else drafts.delete_branch(of.branch))
    fix = seen.standing.escape.fix if seen.standing.escape and decision.why == "fix-has-test" else None
    kept = pull is not None or decision.state is DraftState.BRANCH
    return _Done(decision, pull.number if pull else None, of.branch if kept else "", fix=fix.pull if fix else None)


def _say(of: Recalled, issue: Issue, pull: int, *, theirs: bool) -> None:
    """One word on the draft, once; a conversation that is locked goes without."""
    forge, words = of.drafting.outside.forge, of.drafting.farewell(issue, theirs)
    mark = words.partition("\n")[0]
    try:
        if not ours(forge, pull, mark):
            post(forge, pull, mark, words)
    except GiveUp as locked:
        if locked.state != State.LOCKED:
            raise


def _with_test(of: Recalled, seen: Seen, decision: Decision) -> _Done:
    """Has the test written, and puts it where the decision says. What the rules refuse for good is shown as text instead."""
    pull = seen.standing.pull
    try:
        drafted = of.step("scaffold", lambda: _drafted(of, seen, decision))
    except TellUser as problem:
        return _left(of, pull, "no-scaffold", str(problem))
    if why := draft.may_write(drafted.scaffold.test.path, drafted.scaffold.text):
        return _left(of, pull, why)
    change = patch(drafted.scaffold.test.path, drafted.scaffold.before, drafted.scaffold.text)
    if decision.act is Act.PATCH:
        return _Done(decision, patch=change, run=drafted.run)
    try:
        return _written(of, seen, decision, drafted)
    except GiveUp as refused:
        if refused.state not in set(Refusal):
            raise
        shown = Decision(Act.PATCH, DraftState.PATCH, refused.state)
        kept = pull is not None and pull.state is PullState.OPEN
        return (
            _left(of, pull, refused.state, str(refused))
            if kept
            else _Done(shown, patch=change, run=drafted.run, problem=str(refused))
        )


def _left(of: Recalled, pull: DraftPull | None, why: str, problem: str = "") -> _Done:
    """No test can be written now. A draft that is there stays."""
    state = DraftState.OPEN if pull is not None and pull.state is PullState.OPEN else DraftState.NONE
    decision = Decision(Act.LEAVE, state, why)
    return _Done(decision, pull.number if pull else None, of.branch if pull else "", problem=problem)


def _drafted(of: Recalled, seen: Seen, decision: Decision) -> Drafted:
    """The test, on the commit that the branch begins at. The token for the code lives only in here: no checkpoint holds it."""
    outside, issue, branch = of.drafting.outside, seen.issue, seen.standing.branch
    fix, report = told(seen)
    trusted = issue.author is not None and outside.forge.can_triage(issue.author.login)
    story = read_story(issue.number, issue.title, issue.body, issue.url, trusted=trusted)
    base = branch.base if branch is not None and decision.act is not Act.PATCH else seen.tip
    with outside.mirrors.fetch(issue.repository, outside.forge.remote(), fix) as mirror:
        return of.drafting.scaffold(mirror, fix=fix, story=story, report=report, on=base)


def _written(of: Recalled, seen: Seen, decision: Decision, drafted: Drafted) -> _Done:
    """Branch, commit, pull request, label: each only where it is not as it should be."""
    words = of.drafting.render(_facts(of, seen, decision, drafted))
    digest = _digest(words, drafted)
    pull = seen.standing.pull
    if decision.act is Act.UPDATE and digest == of.guard.digest and pull is not None:
        return _Done(
            decision, pull.number, of.branch, digest, run=drafted.run
        )  # people may have put its title and body into words of their own
    of.step("branch", lambda: _put_branch(of, drafted))
    of.step("commit", lambda: _put_commit(of, seen, drafted))
    if decision.act is Act.BRANCH:
        return _Done(decision, None, of.branch, digest, run=drafted.run)
    try:
        opened = of.step(f"pull {decision.why}", lambda: _put_pull(of, seen, words, draft=decision.why != Refusal.DRAFTS))
    except GiveUp as refused:
        if refused.state != Refusal.DRAFTS or decision.why == Refusal.DRAFTS:
            raise
        return _fallen_back(of, seen, drafted)
    if of.guard.pull != opened.number and (label := _label(seen)):
        of.step("label", lambda: _put_label(of, opened, label))
    return _Done(decision, opened.number, of.branch, digest, run=drafted.run)


def _fallen_back(of: Recalled, seen: Seen, drafted: Drafted) -> _Done:
    """The plan has no drafts: an ordinary pull request, the branch alone, or no trace but the text."""
    decision = draft.fall_back(seen.standing.configuration.draft_fallback)
    if decision.act is not Act.PATCH:
        return _written(of, seen, decision, drafted)
    of.step("remove", lambda: of.drafting.drafts.delete_branch(of.branch))
    scaffold = drafted.scaffold
    return _Done(decision, patch=patch(scaffold.test.path, scaffold.before, scaffold.text), run=drafted.run)


def _facts(of: Recalled, seen: Seen, decision: Decision, drafted: Drafted) -> DraftFacts:
    fix, report = told(seen)
    return DraftFacts(
        issue=seen.issue,
        fix=fix,
        report=report,
        drafted=drafted,
        web_url=of.drafting.outside.web_url,
        plain=decision.why == Refusal.DRAFTS,
        proof=of.guard.proof,
        run_url=of.guard.run_url,
    )


def _put_branch(of: Recalled, drafted: Drafted) -> None:
    if of.drafting.drafts.branch(of.branch) is None:
        of.drafting.drafts.create_branch(of.branch, drafted.base)


def _put_commit(of: Recalled, seen: Seen, drafted: Drafted) -> None:
    """One commit with what differs; what an earlier one of ours changed elsewhere goes back to what it was."""
    drafts, path = of.drafting.drafts, drafted.scaffold.test.path
    branch = drafts.branch(of.branch)
    if branch is None or not branch.ours:
        raise TryLater(f"Somebody changed {of.branch} of {seen.issue.repository.full_name} meanwhile.")
    wanted = {path: drafted.scaffold.text, **{other: drafts.text(other, branch.base) for other in branch.files if other != path}}
    differing = {each: text for each, text in wanted.items() if drafts.text(each, branch.head) != text}
    if differing:
        drafts.commit(of.branch, branch.head, _message(seen, drafted), differing)


def _message(seen: Seen, drafted: Drafted) -> str:
    """Nothing in it is a stranger's: a commit message can close issues wherever it lands. With a `#` it would stand on
    the issue's timeline like a fix of it.
    """
    fix, _ = told(seen)
    return (
        f"Add a regression test for issue {seen.issue.number}\n\n"
        f"A scaffold for {drafted.scaffold.framework}, made from the issue and the fix {fix.head[:12]}. It is red until somebody"
        " finishes it."
    )


def _put_pull(of: Recalled, seen: Seen, words: DraftText, *, draft: bool) -> DraftPull:
    drafts, begins = of.drafting.drafts, draft_prefix(seen.issue.ref)
    pull = drafts.pull_of(of.branch, begins, of.guard.pull)
    if pull is None or (pull.state is PullState.CLOSED and seen.standing.branch is None):
        return drafts.open_pull(of.branch, begins, words, draft=draft)
    if pull.state is PullState.CLOSED and (of.said.draft or pull.closed_by == of.drafting.outside.forge.me()):
        drafts.set_open(pull.number, True)
    if (pull.title, _plain(pull.body)) != (words.title, _plain(words.body)):
        drafts.update_pull(pull.number, words)
    return pull


def _put_label(of: Recalled, pull: DraftPull, label: str) -> None:
    if label.casefold() not in (known.casefold() for known in pull.labels):
        of.drafting.drafts.label(pull.number, label)


def _label(seen: Seen) -> str:
    """The label for the pull request: as configured, else the issue's own as people spell it there."""
    configured = seen.standing.configuration.draft_label
    return seen.label if configured is None else configured


def _digest(words: DraftText, drafted: Drafted) -> str:
    """Of everything that is written, so that the same is not written twice over what people made of it."""
    scaffold = drafted.scaffold
    whole = "\0".join((words.title, words.body, scaffold.test.path, scaffold.text))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str) -> str:
    """GitHub may give line ends and trailing blanks back differently from how they were sent."""
    return text.replace("\r\n", "\n").strip()


def _next(job: Job, before: Guard, after: Guard, fix: int | None) -> tuple[Job, ...]:
    """The comment, where what it says of the draft has changed, and the check on whichever pull request has the test."""
    changed = before != replace(after, digest=before.digest)
    checked = after.pull if after.draft in (DraftState.OPEN, DraftState.THEIRS) else fix
    jobs = [replace(job, task=Task.REPORT_ESCAPE)] if changed else []
    if checked is not None and before != after:
        jobs.append(replace(job, task=Task.CHECK_PROOF, number=checked))
    return tuple(jobs)
