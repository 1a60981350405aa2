"""Makes the remark on one pull request true: what it does to past escapes and their guards, or silence where there is nothing.

Reads the pull request again, has its change reviewed, and keeps one comment and one check run. A pull request that was never
remarked on and touches nothing costs a look and no write. Every write looks first, so the job can be run twice, late, or killed
at any point and run again.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import partial

from app.analysis.known import known_escapes
from app.analysis.receipt import kept_receipt
from app.domain.check import Check, Standing
from app.domain.comment import Comment
from app.domain.configuration import Configuration, Settled
from app.domain.draft import ProofState
from app.domain.errors import GiveUp
from app.domain.escape import Fix, FixState
from app.domain.job import Job, Outcome, Recall
from app.domain.review import (
    REVIEW_CHECK,
    KnownEscape,
    Missing,
    Remark,
    RemarkFacts,
    Review,
    ReviewedPull,
    review_marker,
    review_prefix,
)
from app.domain.slash import quiet_key
from app.render.buttons import buttons
from app.workflows.one_comment import edit, ours, post
from app.workflows.ports import Reviewing, Step, inline

IGNORED, SILENT, REMARKED, SETTLED, MOVED = "ignored", "silent", "remarked", "settled", "moved-on"
_DISPROVED = (ProofState.NOT_PROVED, ProofState.FLAKY)
"""What a fix's own test is told of; that nothing is known of it yet stands on the check run `recall / proof` already."""


def stood_key(pull: int) -> str:
    """Under which it is remembered that something was said on that pull request once."""
    return f"remarked-{pull}"


def review_pull(job: Job, outside: Reviewing, step: Step = inline) -> Outcome:
    """Upserts the remark on the job's pull request.

    Raises TryLater where GitHub or git could not answer now, GiveUp where the pull request is gone, TellUser where its code is
    out of reach.
    """
    repository, number = job.repository, job.number
    if repository is None or number is None:
        return Outcome(IGNORED, "The delivery named no pull request.")
    name = f"{repository.full_name}#{number}"
    if not step("concerned", lambda: _may_concern(repository.id, number, outside)):
        return Outcome(IGNORED, f"{repository.full_name} has no recalls to hold {name} against.")
    if step("quiet", lambda: outside.records.followed(repository.id, quiet_key(number))):
        step("hush", lambda: _hush(repository.id, number, outside))
        return Outcome(IGNORED, f"People asked for silence on {name}.")
    pull = step("pull", lambda: outside.remarks.pull(number))
    settled = step("settings", outside.settled)
    if why := _why_not(pull, settled.configuration):
        return Outcome(IGNORED, f"{name} is {why}, so it is not reviewed.")
    facts = step("review", lambda: _facts(repository.id, pull, settled, outside))
    on = _Remarked(repository.id, name, facts, settled.configuration, outside, step)
    return on.say() or Outcome(MOVED, f"{name} moved on while it was reviewed.", (job,))


def _may_concern(repository_id: int, number: int, outside: Reviewing) -> bool:
    """Whether there is anything to hold the pull request against, or something was said on it that may have to be taken back."""
    return bool(outside.records.recalls(repository_id)) or outside.records.followed(repository_id, stood_key(number))


def _hush(repository_id: int, number: int, outside: Reviewing) -> None:
    """Folds away what was said before people asked for silence: once, so that they can open it again."""
    key, records = f"hushed-{number}", outside.records
    if not records.followed(repository_id, stood_key(number)) or records.followed(repository_id, key):
        return
    if outside.settled().configuration.dry_run:
        return
    for comment in ours(outside.forge, number, review_prefix(repository_id, number)):
        outside.remarks.hide(comment.id)
    records.follow(repository_id, key)


def _why_not(pull: ReviewedPull, configuration: Configuration) -> str | None:
    """Why a pull request is passed over; None if it is not."""
    rules = configuration.review
    reasons = (
        (not pull.open, "closed"),
        (not rules.enabled, "in a repository that has reviews turned off"),
        (pull.draft and not rules.drafts, "a draft"),
        (pull.by_bot and not rules.bots, "opened by a bot"),
    )
    return next((why for applies, why in reasons if applies), None)


def _facts(repository_id: int, pull: ReviewedPull, settled: Settled, outside: Reviewing) -> RemarkFacts:
    """What is to be said of the pull request. What it fixes itself is told by the proof of its test, not by what it touches.

    That it closes an issue anyone can write into a pull request: where another one had brought the fix, no guard may go for it.
    """
    configuration, recalls = settled.configuration, outside.records.recalls(repository_id)
    fixed = [recall for recall in recalls if _is_fixed_by(recall, pull)]
    own = {recall.number for recall in fixed if recall.fix_pull == pull.number}
    claimed = {recall.number for recall in fixed} - own
    escapes = [escape for escape in known_escapes(recalls) if escape.issue not in own]
    review = _reviewed(pull, escapes, configuration, outside) if escapes else Review(pull.base, pull.head)
    findings = [one for one in review.findings if one.escape.issue not in claimed or one.missing is Missing.GUARD_DISARMED]
    told = {finding.escape.issue for finding in findings}
    home = outside.home()
    return RemarkFacts(
        repository=home.full_name,
        web_url=outside.web_url,
        pull=pull,
        review=replace(review, findings=tuple(findings)),
        fixes=tuple(_fix(recall, pull) for recall in fixed if recall.guard.proof in _DISPROVED and recall.number not in told),
        problems=settled.problems,
        repository_id=repository_id,
        fail=configuration.review.fail,
    )


def _is_fixed_by(recall: Recall, pull: ReviewedPull) -> bool:
    """An escape that was fixed before and whose issue a later change closes again is fixed by both."""
    return not recall.state.final and (recall.fix_pull == pull.number or recall.number in pull.closes)


def _fix(recall: Recall, pull: ReviewedPull) -> KnownEscape:
    """The escape that the pull request fixes, with what is known of its test."""
    receipt = kept_receipt(recall.guard.receipt)
    tests = receipt.tests if receipt else ()
    return KnownEscape(
        recall.number, recall.title, pull.head, pull.base, pull.number, tests, recall.guard.proof, receipt=recall.guard.run_url
    )


def _reviewed(pull: ReviewedPull, escapes: list[KnownEscape], configuration: Configuration, outside: Reviewing) -> Review:
    """The review of the head as GitHub's own copy of it in the base repository; the code of a fork is asked nowhere else."""
    home = outside.home()
    head = Fix(home.full_name, pull.head, pull.base, pull.number, FixState.OPEN)
    with outside.mirrors.fetch(home, outside.forge.remote(), head) as mirror:
        return outside.review(
            mirror,
            base=pull.base,
            head=pull.head,
            escapes=escapes,
            ignore=configuration.ignore,
            seams=configuration.review.seams,
            maps=outside.maps,
        )


@dataclass(frozen=True, slots=True)
class _Remarked:
    """One pull request within one job, with what is to be said of it."""

    repository_id: int
    name: str
    facts: RemarkFacts
    configuration: Configuration
    outside: Reviewing
    step: Step

    def say(self) -> Outcome | None:
        """Writes what differs; None where the pull request has moved on meanwhile, so that nothing may be written."""
        standing = self.step("standing", lambda: ours(self.outside.forge, self._number, self._prefix))
        stood = bool(standing) or self.step("stood", lambda: self._follows(stood_key(self._number)))
        speaks = bool(self.facts.review.findings or self.facts.fixes)
        looked = f"{self.facts.review.looked} past escapes were held against {self.name}"
        if not speaks and not stood:
            return Outcome(SILENT, f"{looked}: nothing to say.")
        remark = self.outside.render(self.facts if speaks else replace(self.facts, gone=True))
        if self.configuration.dry_run:
            return Outcome(SILENT, f"Dry run: nothing is written on {self.name}, which would be told: {remark.title}.")
        if not self.step("still", self._still):
            return None
        act = partial(self._speak, remark) if speaks else partial(self._settle, remark)
        sentences = [
            self.step("comment", partial(act, standing)),
            self.step("check", partial(self._check, remark, speaks=speaks)),
        ]
        if speaks:
            self.step("remember", lambda: self._follow(stood_key(self._number)))
        return Outcome(REMARKED if speaks else SETTLED, f"{looked}: {remark.title}. {' '.join(sentences)}")

    @property
    def _number(self) -> int:
        return self.facts.pull.number

    @property
    def _prefix(self) -> str:
        return review_prefix(self.repository_id, self._number)

    @property
    def _said(self) -> str:
        """Under which it is remembered that just this was said here. Where the lines moved to in a later push is no news."""
        parts = [
            f"{finding.escape.issue} {finding.missing} {[(str(one.test), one.how.value) for one in finding.disarmed]}"
            for finding in self.facts.review.findings
        ]
        parts += [f"{escape.issue} {escape.proof}" for escape in self.facts.fixes]
        return f"{stood_key(self._number)}-{hashlib.sha256(chr(10).join(sorted(parts)).encode()).hexdigest()[:16]}"

    def _follows(self, key: str) -> bool:
        return self.outside.records.followed(self.repository_id, key)

    def _follow(self, key: str) -> None:
        self.outside.records.follow(self.repository_id, key)

    def _still(self) -> bool:
        """Whether what was reviewed is still what stands there."""
        now = self.outside.remarks.pull(self._number)
        return now.open and now.head == self.facts.pull.head

    def _speak(self, remark: Remark, standing: list[Comment]) -> str:
        """The one comment, made or edited, and shown again if it had been settled. One that a person deleted is not made again
        before there is something else to say.
        """
        forge = self.outside.forge
        if not self.configuration.comments:
            return "Comments are turned off."
        try:
            if not standing:
                if self._follows(self._said):
                    return "A person deleted the comment."
                standing = [post(forge, self._number, self._prefix, remark.comment)]
            first, *others = standing
            settled = first.body.startswith(review_marker(self.repository_id, self._number, gone=True))
            edit(forge, first, remark.comment)
            if settled:
                self.outside.remarks.show(first.id)
            for other in others:
                self.outside.remarks.hide(other.id)
            self._follow(self._said)
        except GiveUp as refusal:
            return f"No comment: {refusal}"
        return f"Comment {first.id}."

    def _settle(self, remark: Remark, standing: list[Comment]) -> str:
        """What was said before is said to be over, and folded away."""
        if not self.configuration.comments:
            return "Comments are turned off."
        try:
            for comment in standing:
                edit(self.outside.forge, comment, remark.comment)
                self.outside.remarks.hide(comment.id)
        except GiveUp as refusal:
            return f"No comment: {refusal}"
        return f"{len(standing)} comments hidden as resolved."

    def _check(self, remark: Remark, *, speaks: bool) -> str:
        if not self.configuration.checks:
            return "Checks are turned off."
        failing = self.facts.fail and self.facts.review.findings
        check = Check(
            head=self.facts.pull.head,
            key=f"recall:v1 review {self._number}",
            standing=Standing.SUCCESS if not speaks else Standing.FAILURE if failing else Standing.NEUTRAL,
            title=remark.title,
            summary=remark.summary,
            name=REVIEW_CHECK,
            annotations=remark.annotations,
            buttons=buttons("again", "quiet") if speaks else (),
        )
        try:
            self.outside.checks.put(check)
        except GiveUp as refusal:
            return f"No check run: {refusal}"
        return f"The check run says {check.standing}."
