"""The table: what is looked at again, and what costs nothing."""

from dataclasses import replace

import pytest

from app.domain.delivery import Actor, Delivery, Repository, RunSaid
from app.domain.job import Job, Task
from app.workflows.plan import plan

SHOP = Repository(9, "acme/shop")
ADA = Actor("ada")
BOT = Actor("recall[bot]", "Bot")
LABELED = Delivery(
    "g",
    "issues",
    "labeled",
    installation=5,
    repository=SHOP,
    sender=ADA,
    number=42,
    label="Escaped-Bug",
    labels=("bug", "Escaped-Bug"),
)
PULL = Delivery(
    "g", "pull_request", "opened", installation=5, repository=SHOP, sender=ADA, number=7, on_pull=True, text="fixes #42"
)


def planned(delivery: Delivery, me: str | None = "recall[bot]") -> list[Task]:
    return [job.task for job in plan(delivery, label="escaped-bug", me=me)]


def test_the_label_asks_for_a_report_on_that_issue() -> None:
    assert plan(LABELED, label="escaped-bug", me="recall[bot]") == (
        Job(Task.REPORT_ESCAPE, "g", installation=5, repository=SHOP, number=42, sender="ada"),
    )


def test_another_label_on_an_issue_that_carries_ours_plans_nothing() -> None:
    assert plan(replace(LABELED, label="bug"), label="escaped-bug", me=None, labels=()) == ()


def test_any_label_where_no_configuration_was_ever_read_asks_for_it_once() -> None:
    incident = replace(LABELED, label="incident", labels=("incident",))
    assert planned(incident) == [Task.CHECK_CONFIGURATION]
    assert planned(replace(incident, action="unlabeled")) == []
    assert plan(incident, label="escaped-bug", me=None, labels=()) == ()


def test_the_labels_of_the_configuration_stand_in_place_of_recalls_own() -> None:
    incident = replace(LABELED, label="Incident", labels=("Incident",))
    assert [job.task for job in plan(incident, label="escaped-bug", me=None, labels=("incident", "p1"))] == [Task.REPORT_ESCAPE]
    assert plan(LABELED, label="escaped-bug", me=None, labels=("incident",)) == ()


def test_a_push_that_changes_the_configuration_has_it_read() -> None:
    push = Delivery("g", "push", installation=5, repository=SHOP, configures=True)
    assert planned(push) == [Task.CHECK_CONFIGURATION]
    assert planned(replace(push, configures=False)) == []


def test_taking_the_label_away_looks_at_the_issue_again() -> None:
    assert planned(replace(LABELED, action="unlabeled", labels=("bug",))) == [Task.REPORT_ESCAPE]


@pytest.mark.parametrize("action", ["edited", "closed", "reopened", "transferred", "deleted", "locked", "unlocked"])
def test_whatever_happens_to_a_labelled_issue_looks_at_it_again(action: str) -> None:
    assert planned(replace(LABELED, action=action, label=None)) == [Task.REPORT_ESCAPE]


@pytest.mark.parametrize("action", ["edited", "closed", "reopened", "transferred", "deleted", "locked", "unlocked"])
def test_an_issue_without_the_label_costs_nothing(action: str) -> None:
    assert planned(replace(LABELED, action=action, label=None, labels=("bug",))) == []


@pytest.mark.parametrize("action", ["created", "edited"])
def test_a_comment_on_a_labelled_issue_looks_at_it_again(action: str) -> None:
    assert planned(replace(LABELED, event="issue_comment", action=action, label=None)) == [Task.REPORT_ESCAPE]


def test_a_comment_on_a_pull_request_plans_nothing() -> None:
    assert planned(replace(LABELED, event="issue_comment", action="created", on_pull=True)) == []


@pytest.mark.parametrize("action", ["opened", "edited", "synchronize", "reopened", "closed", "ready_for_review"])
def test_a_pull_request_resumes_what_it_may_fix(action: str) -> None:
    job, *_ = plan(replace(PULL, action=action), label="escaped-bug", me=None)
    assert (job.task, job.number, job.text) == (Task.RESUME_ESCAPES, 7, "fixes #42")


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "ready_for_review"])
def test_a_pull_request_whose_head_may_be_another_is_checked_and_reviewed_too(action: str) -> None:
    assert planned(replace(PULL, action=action)) == [Task.RESUME_ESCAPES, Task.CHECK_PROOF, Task.REVIEW_PULL]


@pytest.mark.parametrize("action", ["edited", "closed"])
def test_a_pull_request_whose_head_stays_is_not_checked(action: str) -> None:
    assert planned(replace(PULL, action=action)) == [Task.RESUME_ESCAPES]


def test_a_pull_request_that_goes_into_another_branch_is_reviewed_anew() -> None:
    assert planned(replace(PULL, action="edited", rebased=True)) == [Task.RESUME_ESCAPES, Task.REVIEW_PULL]


@pytest.mark.parametrize("action", ["labeled", "assigned", "locked", None])
def test_other_pull_request_actions_plan_nothing(action: str | None) -> None:
    assert planned(replace(PULL, action=action)) == []


def test_a_deleted_installation_is_ended() -> None:
    assert planned(Delivery("g", "installation", "deleted", installation=5, sender=ADA)) == [Task.END_INSTALLATION]


@pytest.mark.parametrize("event", ["ping", "push", "installation", "star", ""])
def test_other_events_plan_nothing(event: str) -> None:
    assert planned(replace(LABELED, event=event)) == []


@pytest.mark.parametrize("delivery", [LABELED, PULL, replace(LABELED, event="issue_comment", action="edited")])
def test_what_our_own_bot_caused_plans_nothing(delivery: Delivery) -> None:
    assert planned(replace(delivery, sender=BOT)) == []


def test_without_knowing_our_login_our_own_comment_is_known_by_its_marker() -> None:
    ours = replace(LABELED, event="issue_comment", action="created", sender=BOT, text="<!-- recall:v1 issue=9/42 -->\nx")
    assert planned(ours, me=None) == []


def test_a_person_who_pastes_the_marker_is_heard() -> None:
    pasted = replace(LABELED, event="issue_comment", action="created", text="<!-- recall:v1 issue=9/42 -->\nx")
    assert planned(pasted, me=None) == [Task.REPORT_ESCAPE]


def test_another_bot_is_heard() -> None:
    assert planned(replace(LABELED, sender=Actor("triage[bot]", "Bot"))) == [Task.REPORT_ESCAPE]


@pytest.mark.parametrize("lost", [{"repository": None}, {"number": None}])
def test_a_delivery_without_an_address_plans_nothing(lost: dict[str, None]) -> None:
    assert planned(replace(LABELED, **lost)) == []


def finished(event: str = "push", branch: str = "main", head: int | None = None) -> Delivery:
    home = Repository(9, "acme/shop")
    return Delivery(
        "d", "workflow_run", "completed", 5, home, number=77, run=RunSaid(event, branch, home.id if head is None else head)
    )


@pytest.mark.parametrize("event", ["push", "schedule"])
def test_a_finished_run_on_the_default_branch_may_bring_maps_and_challenges(event: str) -> None:
    jobs = plan(finished(event), label="escaped-bug", me=None)
    assert [(job.task, job.number, job.partition) for job in jobs] == [
        (Task.LEARN_MAP, 77, "9:maps"),
        (Task.READ_RECEIPTS, 77, "9:proofs"),
    ]


@pytest.mark.parametrize("run", [finished("pull_request", "any"), finished("workflow_dispatch")])
def test_a_finished_run_on_a_pull_request_or_by_hand_may_bring_receipts_alone(run: Delivery) -> None:
    assert planned(run) == [Task.READ_RECEIPTS]


def test_a_run_on_the_draft_that_our_own_bot_opened_is_heard() -> None:
    assert planned(replace(finished("pull_request", "recall/issue-1"), sender=BOT)) == [Task.READ_RECEIPTS]


@pytest.mark.parametrize(
    "odd",
    [
        finished("pull_request", head=10),
        finished("workflow_dispatch", "more"),
        finished("pull_request_target"),
        finished("workflow_run"),
        finished(branch="more"),
        finished(head=10),
    ],
)
def test_other_runs_cost_nothing(odd: Delivery) -> None:
    assert plan(odd, label="escaped-bug", me=None) == ()


ASKED = replace(
    LABELED, event="issue_comment", action="created", label=None, labels=(), author=ADA, comment=71, text="Odd.\n\n/recall fix #8"
)
PRESSED = Delivery("g", "check_run", "requested_action", 5, SHOP, ADA, button="prove", check="recall:v1 proof 7")


@pytest.mark.parametrize("on_pull", [False, True])
def test_a_command_in_a_comment_is_followed(on_pull: bool) -> None:
    assert plan(replace(ASKED, on_pull=on_pull), label="escaped-bug", me="recall[bot]") == (
        Job(Task.FOLLOW_COMMAND, "g", 5, SHOP, number=42, sender="ada", text="fix #8", comment=71),
    )


def test_a_command_on_a_labelled_issue_is_followed_before_the_issue_is_looked_at() -> None:
    assert planned(replace(ASKED, labels=("escaped-bug",))) == [Task.FOLLOW_COMMAND, Task.REPORT_ESCAPE]


def test_of_an_edited_comment_only_what_it_did_not_have_before_is_followed() -> None:
    edited = replace(ASKED, action="edited", before="/recall fix #8", text="/recall fix #8\n/recall draft")
    assert [job.text for job in plan(edited, label="escaped-bug", me=None)] == ["draft"]


@pytest.mark.parametrize(
    "before",
    [
        "```\n/recall withdraw\n```",
        "> /recall withdraw",
        "/recall a\n/recall b\n/recall c\n/recall d\n/recall e\n/recall withdraw",
    ],
    ids=["code", "quote", "behind-others"],
)
def test_who_tidies_up_somebody_elses_comment_gives_none_of_its_commands(before: str) -> None:
    edited = replace(ASKED, action="edited", author=Actor("eve"), before=before, text="/recall withdraw")
    assert planned(edited) == []
    assert planned(replace(edited, author=ADA)) == [Task.FOLLOW_COMMAND]


def test_an_edit_around_a_command_costs_nothing() -> None:
    assert planned(replace(ASKED, action="edited", before="/recall fix #8", text="Hm.\n\n/recall fix #8")) == []


@pytest.mark.parametrize("text", ["> /recall draft", "```\n/recall draft\n```", "see /recall draft", ""])
def test_a_comment_without_a_command_costs_nothing(text: str) -> None:
    assert planned(replace(ASKED, text=text)) == []


@pytest.mark.parametrize("who", [{"author": BOT}, {"sender": Actor("triage[bot]", "Bot")}, {"author": None}])
def test_no_bot_is_followed(who: dict[str, Actor | None]) -> None:
    assert planned(replace(ASKED, **who)) == []


def test_a_deleted_comment_asks_for_nothing() -> None:
    assert planned(replace(ASKED, action="deleted")) == []


def test_a_button_asks_for_what_its_command_does() -> None:
    assert plan(PRESSED, label="escaped-bug", me=None) == (
        Job(Task.FOLLOW_COMMAND, "g", 5, SHOP, number=7, sender="ada", text="prove"),
    )


@pytest.mark.parametrize("odd", [{"button": "explode"}, {"button": ""}, {"check": "other 7"}, {"check": "recall:v1 proof 0"}])
def test_other_buttons_cost_nothing(odd: dict[str, str]) -> None:
    assert planned(replace(PRESSED, **odd)) == []


@pytest.mark.parametrize(("check", "task"), [("recall:v1 proof 7", Task.CHECK_PROOF), ("recall:v1 review 7", Task.REVIEW_PULL)])
def test_a_check_run_that_is_asked_for_again_is_made_again(check: str, task: Task) -> None:
    (job,) = plan(replace(PRESSED, action="rerequested", button="", check=check), label="escaped-bug", me=None)
    assert (job.task, job.number) == (task, 7)


BOX = "<!-- recall:v1 digest repository=9 -->\n- [ ] <!-- recall:v1 do=draft issue=42 --> Open the draft for #42"
DIGEST = Delivery(
    "d",
    "issues",
    "edited",
    5,
    SHOP,
    Actor("ada"),
    number=1,
    text="Escapes\n\n" + BOX.replace("[ ]", "[x]"),
    before=BOX,
    author=Actor("recall[bot]", "Bot"),
)


def test_a_box_that_a_person_ticked_on_a_digest_is_followed() -> None:
    (job,) = plan(DIGEST, label="escaped-bug", me="recall[bot]")
    assert (job.task, job.number, job.sender, job.text) == (Task.TICK_BOXES, 1, "ada", "draft 42")


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": Actor("recall[bot]", "Bot")},
        {"sender": Actor("other[bot]", "Bot")},
        {"author": Actor("mallory")},
        {"before": ""},
        {"before": "no digest\n" + BOX},
        {"text": "Escapes\n\n" + BOX},
        {"before": BOX.replace("[ ]", "[x]")},
        {"on_pull": True},
    ],
)
def test_nothing_else_that_is_edited_ticks_a_box(changes: dict[str, object]) -> None:
    assert plan(replace(DIGEST, **changes), label="escaped-bug", me="recall[bot]") == ()  # type: ignore[arg-type]
