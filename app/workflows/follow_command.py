"""Follows the commands of a comment, or of a check run's button: asks who may, does what is asked, and answers.

Somebody without triage rights is answered by a reaction alone. What each command does is `app.workflows.commands`'s.
"""

from functools import partial

from app.analysis.slash import key, nearest, understood
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, State
from app.domain.slash import AnswerFacts, Place, Reaction, SlashCommand, answer_marker
from app.workflows.commands import Call, Followed, follow
from app.workflows.one_comment import edit, ours, post
from app.workflows.ports import Commanding, Step, inline

IGNORED, FOLLOWED, REFUSED = "ignored", "followed", "refused"


def follow_command(job: Job, outside: Commanding, step: Step = inline) -> Outcome:
    """Follows what the job's comment asks for, each command once. The outcome's state is `followed`, `refused` or `ignored`.

    Raises TryLater where GitHub could not answer now, GiveUp where the issue is gone.
    """
    repository, number = job.repository, job.number
    if repository is None or number is None or job.sender is None:
        return Outcome(IGNORED, "The delivery named no issue, or nobody.")
    name, sender = f"{repository.full_name}#{number}", job.sender
    commands = step("new", lambda: _new(job, repository.id, outside))
    if not commands:
        return Outcome(IGNORED, f"What was asked for on {name} was done already.")
    if step("settled", lambda: outside.settled().configuration.dry_run):
        return Outcome(IGNORED, f"Nothing is written to {repository.full_name}, so no command is followed on {name}.")
    if not step("rights", lambda: outside.forge.can_triage(sender)):
        step("refuse", lambda: _react(job, Reaction.REFUSED, outside))
        return Outcome(REFUSED, f"Who asked on {name} has no triage rights there.")
    step("seen", lambda: _react(job, Reaction.SEEN, outside))
    place = step("place", lambda: outside.talk.place(number))
    when = step("when", lambda: outside.now().isoformat(timespec="seconds"))
    done = [
        step(f"follow {order}", partial(_follow, Call(command, job, place, when, outside)))
        for order, command in enumerate(commands)
    ]
    facts = _facts(job, place, done, outside)
    if facts.unfollowed or facts.helps:
        step("answer", lambda: _answer(facts, outside))
    step("end", lambda: _end(job, repository.id, commands, facts, outside))
    told = ", ".join(f"/recall {command.word}".rstrip() for command in commands)
    state = REFUSED if facts.unfollowed else FOLLOWED
    why = "".join(f" ({one.reason})" for one in facts.unfollowed)
    return Outcome(state, f"{name}: {told}{why}.", tuple(dict.fromkeys(job for each in done for job in each.next)))


def _new(job: Job, repository_id: int, outside: Commanding) -> tuple[SlashCommand, ...]:
    """The commands that were not followed before, by a delivery that came twice or by an edit."""
    return tuple(command for command in understood(job.text) if not outside.records.followed(repository_id, _key(job, command)))


def _key(job: Job, command: SlashCommand) -> str:
    """A comment keeps its id through every edit; each press of a button is one of its own."""
    return f"{job.comment or job.delivery}-{key(command)}"


def _follow(call: Call) -> Followed:
    return follow(call, nearest(call.command.word))


def _react(job: Job, reaction: Reaction, outside: Commanding) -> None:
    if job.comment is not None:
        outside.talk.react(job.comment, reaction)


def _end(job: Job, repository_id: int, commands: tuple[SlashCommand, ...], facts: AnswerFacts, outside: Commanding) -> None:
    """Says how it went, and remembers it: last of all, so that a job that was killed begins again."""
    _react(job, Reaction.REFUSED if facts.unfollowed else Reaction.DONE, outside)
    for command in commands:
        outside.records.follow(repository_id, _key(job, command))


def _facts(job: Job, place: Place, done: list[Followed], outside: Commanding) -> AnswerFacts:
    return AnswerFacts(
        ref=place.issue.ref,
        repository=place.issue.repository.full_name,
        unfollowed=tuple(each.unfollowed for each in done if each.unfollowed is not None),
        helps=any(each.helps for each in done),
        on_pull=place.on_pull,
        comment=job.comment,
        web_url=outside.web_url,
    )


def _answer(facts: AnswerFacts, outside: Commanding) -> None:
    """The one answer there, edited in place; none where the configuration allows no comments or the conversation is locked."""
    if not outside.settled().configuration.comments:
        return
    mark, number = answer_marker(facts.ref), facts.ref.number
    try:
        known = ours(outside.forge, number, mark)
        if known:
            edit(outside.forge, known[0], outside.answer(facts))
        else:
            post(outside.forge, number, mark, outside.answer(facts))
    except GiveUp as end:
        if end.state != State.LOCKED:
            raise
