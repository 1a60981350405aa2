"""What each command does, who may give one, and how it is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from app.analysis.mentions import Mention
from app.domain.check import PullHead
from app.domain.configuration import Configuration, Settled
from app.domain.correction import Corrections, Part, Verdict
from app.domain.draft import Guard, Rights
from app.domain.errors import GiveUp, RecallError, TryLater
from app.domain.escape import Fix, FixState
from app.domain.job import Job, Outcome, Recall, State, Task
from app.domain.slash import Place, Reaction, asked_key, quiet_key
from app.render.answer import answer
from app.workflows.follow_command import follow_command
from app.workflows.ports import Commanding, Step, inline
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.memory import ISSUE, SHOP, Forgery, Memory

WHEN = datetime(2026, 11, 2, 9, tzinfo=UTC)
SAID = "2026-11-02T09:00:00+00:00"
GUESSED = Recall(9, 42, 5, "acme/shop", State.REPORTED, comment_id=100, fix_pull=7, fix_head="f" * 40)
RIGHT = Fix("acme/shop", "e" * 40, pull=8)


@dataclass
class Conversation:
    """A `Talk` over plain values: what can be found, and what was done."""

    place_: Place = field(default_factory=lambda: Place(ISSUE))
    fixes: dict[str, Fix] = field(default_factory=dict)
    rights_: Rights = field(default_factory=Rights)
    runs: dict[str, int] = field(default_factory=dict)
    starts: bool = False
    reactions: list[tuple[int, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def place(self, number: int) -> Place:
        return self.place_

    def react(self, comment: int, reaction: Reaction) -> None:
        if (comment, reaction.value) not in self.reactions:
            self.reactions.append((comment, reaction.value))

    def label(self, number: int, name: str) -> None:
        self.labels.append(f"+{name}")

    def unlabel(self, number: int, name: str) -> None:
        self.labels.append(f"-{name}")

    def fix(self, mention: Mention) -> Fix | None:
        return self.fixes.get(f"#{mention.number}" if mention.number else mention.sha or "")

    def rights(self) -> Rights:
        return self.rights_

    def receipts(self, head: str) -> int | None:
        return self.runs.get(head)

    def challenges(self) -> int | None:
        return self.runs.get("challenge")

    def start(self, workflow: str) -> bool:
        return self.starts


@dataclass
class World:
    """One issue (or pull request) with a conversation on it."""

    talk: Conversation = field(default_factory=lambda: Conversation(fixes={"#8": RIGHT, "e" * 8: RIGHT}))
    forge: Forgery = field(default_factory=Forgery)
    records: Memory = field(default_factory=lambda: Memory(lambda: WHEN))
    configuration: Configuration = field(default_factory=Configuration)

    def __post_init__(self) -> None:
        self.records.save(GUESSED)

    def ask(self, text: str, step: Step = inline, **changed: object) -> Outcome:
        job = Job(Task.FOLLOW_COMMAND, "g", 5, SHOP, number=42, sender="ada", text=text, comment=71)
        heads = {
            8: PullHead(8, "e" * 40, "b" * 40, own=True, open=True),
            42: PullHead(42, "c" * 40, "b" * 40, own=True, open=True),
        }
        commanding = Commanding(
            forge=self.forge,
            talk=self.talk,
            pull=lambda number: heads.get(number) or replace(heads[8], number=number, head="f" * 40),
            records=self.records,
            answer=answer,
            now=lambda: WHEN,
            settled=lambda: Settled(self.configuration),
        )
        return follow_command(replace(job, **changed), commanding, step)  # type: ignore[arg-type]

    @property
    def said(self) -> Corrections:
        known = self.records.recall(9, 42)
        return known.said if known else Corrections()

    @property
    def reactions(self) -> list[str]:
        return [name for _, name in self.talk.reactions]

    @property
    def answers(self) -> list[str]:
        return [comment.body for comment in self.forge.written]


def on_pull(world: World) -> World:
    world.talk.place_ = Place(replace(ISSUE, labels=()), on_pull=True)
    return world


def tasks(outcome: Outcome) -> list[tuple[Task, int | None]]:
    return [(job.task, job.number) for job in outcome.next]


def test_a_stranger_gets_one_reaction_and_nothing_else() -> None:
    world = World()
    assert world.ask("withdraw", sender="eve").state == "refused"
    assert (world.reactions, world.talk.labels, world.answers, world.said) == (["confused"], [], [], Corrections())


def test_what_is_done_is_seen_first_and_then_said_to_be_done() -> None:
    world = World()
    assert world.ask("withdraw").state == "followed"
    assert world.reactions == ["eyes", "+1"]


def test_what_was_followed_is_not_followed_again() -> None:
    world = World()
    world.ask("withdraw")
    assert world.ask("withdraw").state == "ignored"
    assert world.talk.labels == ["-Escaped-Bug"]


def test_the_same_words_in_another_comment_are_followed() -> None:
    world = World()
    world.ask("withdraw")
    assert world.ask("withdraw", comment=72).state == "followed"


def test_each_press_of_a_button_is_followed() -> None:
    world = on_pull(World())
    assert [world.ask("", comment=None, delivery=guid).state for guid in ("a", "a", "b")] == ["followed", "ignored", "followed"]
    assert world.reactions == []


def test_recall_sets_the_label_and_vouches_for_it() -> None:
    world = World()
    world.talk.place_ = Place(replace(ISSUE, labels=("bug",)))
    assert tasks(world.ask("")) == [(Task.REPORT_ESCAPE, 42)]
    assert world.talk.labels == ["+escaped-bug"]
    assert world.records.followed(9, asked_key(42))


def test_recall_sets_the_label_that_the_configuration_names() -> None:
    world = World(configuration=Configuration(labels=("slipped",)))
    world.ask("")
    assert world.talk.labels == ["+slipped"]


def test_recall_on_a_pull_request_looks_at_it_again() -> None:
    assert tasks(on_pull(World()).ask("")) == [(Task.REVIEW_PULL, 42), (Task.CHECK_PROOF, 42)]


@pytest.mark.parametrize(("named", "kept"), [("#8", "#8"), ("8", "#8"), ("e" * 8, "e" * 40)])
def test_the_fix_is_kept_and_counted_against_another_guess(named: str, kept: str) -> None:
    world = World()
    assert tasks(world.ask(f"fix {named}")) == [(Task.REPORT_ESCAPE, 42)]
    assert world.said == Corrections(fix=kept, verdicts=(Verdict(Part.LINK, False, SAID),))


def test_the_fix_that_was_guessed_is_counted_for_it() -> None:
    world = World()
    world.talk.fixes["#7"] = Fix("acme/shop", "f" * 40, pull=7)
    world.ask("fix #7")
    assert world.said.verdicts == (Verdict(Part.LINK, True, SAID),)


def test_a_correction_of_a_correction_says_nothing_of_the_guess() -> None:
    world = World()
    world.talk.fixes["#9"] = replace(RIGHT, pull=9)
    world.ask("fix #9")
    world.ask("fix #8", comment=72)
    assert (world.said.fix, len(world.said.verdicts)) == ("#8", 1)


def test_where_nothing_was_guessed_nothing_is_counted() -> None:
    world = World(records=Memory())
    world.records.save(replace(GUESSED, fix_pull=None, fix_head=None))
    world.ask("fix #8")
    assert world.said == Corrections(fix="#8")


def test_a_culprit_is_kept_and_taken_back() -> None:
    world = World()
    world.ask("culprit #8")
    assert world.said.culprit == "e" * 40
    world.ask("not-culprit #8", comment=72)
    assert (world.said.culprit, world.said.not_culprits) == ("", ("e" * 40,))


def of_the_guess(*commands: str, basis: str = "guessed", sha: str = "e" * 40) -> list[bool]:
    """What is counted after recall guessed a commit and people gave these commands."""
    world = World(records=Memory())
    suspects = [{"sha": sha, "pull_request": None}, {"sha": "f" * 40, "pull_request": None}]
    report = {"culprit": sha, "suspects": suspects, "origin": {"basis": basis, "close": False}}
    world.records.save(replace(GUESSED, report=json.dumps(report)))
    for number, command in enumerate(commands):
        world.ask(command, comment=71 + number)
    return [verdict.right for verdict in world.said.verdicts if verdict.part is Part.CULPRIT]


def test_naming_the_guessed_culprit_counts_as_right() -> None:
    assert of_the_guess("culprit #8") == [True]


def test_naming_another_culprit_counts_as_wrong() -> None:
    assert of_the_guess("culprit #8", sha="d" * 40) == [False]


def test_ruling_the_guessed_culprit_out_counts_as_wrong_once() -> None:
    assert of_the_guess("not-culprit #8", "not-culprit #8") == [False]


def test_ruling_out_who_was_not_guessed_counts_nothing() -> None:
    assert of_the_guess("not-culprit #8", sha="d" * 40) == []


def test_where_people_had_named_the_culprit_no_guess_is_counted() -> None:
    assert of_the_guess("culprit #8", basis="said") == []


def test_who_changes_their_mind_on_the_culprit_says_no_more_of_the_guess() -> None:
    assert of_the_guess("culprit #8", "not-culprit #8") == [True]


def test_a_draft_is_asked_for() -> None:
    world = World()
    assert tasks(world.ask("draft")) == [(Task.DRAFT_TEST, 42)]
    assert world.said.draft


def test_prove_reads_the_newest_receipt_of_the_fix() -> None:
    world = World()
    world.talk.runs["f" * 40] = 77
    assert tasks(world.ask("prove")) == [(Task.READ_RECEIPTS, 77)]


def test_prove_reads_the_newest_receipt_of_the_draft_before_that_of_the_fix() -> None:
    world = World()
    world.talk.runs |= {"f" * 40: 77, "e" * 40: 78}
    world.records.keep_guard(9, 42, lambda guard: replace(guard, pull=8))
    assert tasks(world.ask("prove")) == [(Task.READ_RECEIPTS, 78)]


def test_a_challenge_that_was_started_is_read_when_it_ends() -> None:
    world = World()
    world.talk.starts = True
    assert (world.ask("challenge").next, world.reactions) == ((), ["eyes", "+1"])


def test_where_none_can_be_started_the_newest_challenge_is_read() -> None:
    world = World()
    world.talk.runs["challenge"] = 79
    assert tasks(world.ask("challenge")) == [(Task.READ_RECEIPTS, 79)]


def test_wrong_is_kept_with_its_reason() -> None:
    world = World()
    assert tasks(world.ask("wrong link it was #480")) == [(Task.REPORT_ESCAPE, 42)]
    assert world.said.verdicts == (Verdict(Part.LINK, False, SAID, "it was #480"),)


@pytest.mark.parametrize(("guard", "part"), [(Guard(pull=42), Part.DRAFT), (Guard(), Part.TESTS)])
def test_wrong_on_a_pull_request_is_about_what_it_is_to_the_escape(guard: Guard, part: Part) -> None:
    world = on_pull(World())
    world.records.save(replace(GUESSED, fix_pull=42))
    world.records.keep_guard(9, 42, lambda _: guard)
    world.ask("wrong it tests nothing")
    assert world.said.verdicts == (Verdict(part, False, SAID, "it tests nothing"),)


def test_quiet_is_kept_until_somebody_asks_again() -> None:
    world = World()
    world.ask("quiet")
    assert world.said.quiet
    world.ask("", comment=72)
    assert not world.said.quiet


@pytest.mark.parametrize("word", ["quiet", "withdraw"])
def test_on_a_pull_request_the_remark_goes_and_none_comes(word: str) -> None:
    world = on_pull(World())
    assert tasks(world.ask(word)) == [(Task.REVIEW_PULL, 42)]
    assert world.records.followed(9, quiet_key(42))
    assert "keep quiet" in (world.ask("", comment=72), world.answers[0])[1]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fix", "name a pull request as"),
        ("fix one of them", "`one of them` names no pull request and no commit"),
        ("fix #9999", "is no pull request and no commit of this repository"),
        ("fix acme/other#3", "is in another repository"),
        ("fix #6", "was closed without being merged"),
        ("culprit 1a2b3c4", "`1a2b3c4` is no pull request and no commit"),
        ("prove", "left a receipt at the head of"),
        ("challenge", "no run left a challenge"),
        ("darft", "Did you mean `/recall draft`?"),
        ("zzz", "recall knows no such command."),
    ],
)
def test_a_refusal_says_why(text: str, why: str) -> None:
    world = World()
    world.talk.fixes["#6"] = replace(RIGHT, state=FixState.CLOSED)
    assert world.ask(text).state == "refused"
    assert world.reactions == ["eyes", "confused"]
    (said,) = world.answers
    assert why in said


@pytest.mark.parametrize("text", ["fix #8", "culprit #8", "not-culprit #8", "draft", "prove", "withdraw", "wrong", "quiet"])
def test_on_an_issue_without_the_label_what_is_about_an_escape_is_refused(text: str) -> None:
    world = World()
    world.talk.place_ = Place(replace(ISSUE, labels=()))
    world.ask(text)
    assert "does not carry the label `escaped-bug`" in world.answers[0]


@pytest.mark.parametrize("text", ["fix #8", "culprit #8", "not-culprit #8", "draft"])
def test_on_a_pull_request_what_is_about_an_issue_is_refused(text: str) -> None:
    world = on_pull(World())
    world.ask(text)
    assert "asked for on the issue" in world.answers[0]


def _of(**changed: object) -> Callable[[World], None]:
    def change(world: World) -> None:
        for name, value in changed.items():
            setattr(world if hasattr(world, name) else world.talk, name, value)

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_of(configuration=Configuration(drafts=False)), "drafts are turned off"),
        (_of(configuration=Configuration(drafts_per_day=0)), "drafts are turned off"),
        (_of(rights_=Rights(contents_write=False)), "recall may not write code here"),
        (_of(records=Memory()), "no merged fix yet"),
    ],
)
def test_a_draft_is_never_asked_for_against_settings_and_rights(change: Callable[[World], None], why: str) -> None:
    world = World()
    change(world)
    assert world.ask("draft").state == "refused"
    assert why in world.answers[0]
    assert not world.said.draft


def test_one_answer_is_edited_in_place() -> None:
    world = World()
    world.ask("darft")
    world.ask("help", comment=72)
    (said,) = world.answers
    assert said.startswith("<!-- recall:v1 answer issue=9/42 -->\n")
    assert "/recall not-culprit" in said


def test_an_answer_that_was_lost_is_not_posted_twice() -> None:
    world = World(forge=Forgery(lose_answers=True))
    world.ask("help")
    assert len(world.answers) == 1


def test_of_several_commands_what_can_be_done_is_done() -> None:
    world = World()
    outcome = world.ask("fix #8\ndarft\ndraft")
    assert (outcome.state, tasks(outcome)) == ("refused", [(Task.REPORT_ESCAPE, 42), (Task.DRAFT_TEST, 42)])
    assert (world.said.fix, world.said.draft, world.reactions) == ("#8", True, ["eyes", "confused"])


def test_without_comments_there_are_reactions_alone() -> None:
    world = World(configuration=Configuration(comments=False))
    world.ask("darft")
    assert (world.answers, world.reactions) == ([], ["eyes", "confused"])


def test_in_a_dry_run_nothing_is_written() -> None:
    world = World(configuration=Configuration(dry_run=True))
    assert world.ask("withdraw").state == "ignored"
    assert (world.reactions, world.talk.labels, world.answers) == ([], [], [])


@pytest.mark.parametrize(("end", "raised"), [(GiveUp("", State.LOCKED), None), (TryLater("later"), TryLater)])
def test_a_locked_conversation_ends_the_answer_alone(end: RecallError, raised: type[RecallError] | None) -> None:
    world = World(forge=Forgery(refusals={"create_comment": end}))
    if raised:
        with pytest.raises(raised):
            world.ask("help")
    else:
        assert world.ask("help").state == "followed"


def test_killed_anywhere_it_ends_as_if_it_never_was() -> None:
    whole = World()
    whole.ask("fix #8\nwrong tests odd\ndarft")
    for boundary in range(40):
        world, checkpoints = World(), Checkpoints(boundary)
        try:
            world.ask("fix #8\nwrong tests odd\ndarft", checkpoints)
        except Killed:
            world.ask("fix #8\nwrong tests odd\ndarft", checkpoints)
        assert (world.said, world.reactions, world.answers) == (whole.said, whole.reactions, whole.answers)
