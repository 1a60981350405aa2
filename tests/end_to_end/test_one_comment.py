"""One label, one comment: whatever is delivered twice, lost, or killed on the way."""

import base64

from tests.end_to_end.conftest import BOUNDARIES, LABEL, Bot
from tests.jobs.build import until


def test_a_label_leads_to_a_comment(bot: Bot) -> None:
    issue = bot.issue()
    bot.shop.mona.label(issue, LABEL)
    until(lambda: bot.comments(issue), 30)
    bot.settle()
    bot.one_right_comment(issue)


def test_the_same_delivery_five_times_makes_one_comment(bot: Bot) -> None:
    issue = bot.issue()
    bot.shop.mona.label(issue, LABEL)
    hooks = bot.shop.sandbox.hub.webhooks
    labeled = next(d for d in reversed(hooks.log) if d.action == "labeled")
    for _ in range(4):
        hooks.redeliver(bot.shop.app, labeled.id)
    bot.settle()
    bot.one_right_comment(issue)
    assert [d.status_code for d in hooks.log if d.guid == labeled.guid] == [202] * 5
    assert len(bot.ask("SELECT job FROM recall_delivery_job WHERE delivery = :guid", guid=labeled.guid)) == 1


def test_two_deliveries_for_one_label_make_one_comment(bot: Bot) -> None:
    issue = bot.issue()
    mona = bot.shop.mona
    mona.label(issue, LABEL)
    mona.unlabel(issue, LABEL)
    mona.label(issue, LABEL)
    bot.settle()
    assert "withdrawn" not in bot.one_right_comment(issue)


def test_two_labels_in_one_second_make_one_comment(bot: Bot) -> None:
    issue = bot.issue()
    bot.shop.mona.label(issue, "bug", LABEL, "priority")
    bot.settle()
    bot.one_right_comment(issue)


def test_an_answer_lost_after_the_comment_was_made_makes_one_comment(bot: Bot) -> None:
    issue = bot.issue()
    bot.shop.sandbox.faults.add("server-error-after", method="POST", path="*/comments")
    bot.shop.mona.label(issue, LABEL)
    bot.settle()
    bot.one_right_comment(issue)
    assert bot.shop.sandbox.faults.listed() == []


def test_a_process_killed_at_every_step_boundary_makes_one_right_comment_each(dying_bot: Bot) -> None:
    bot = dying_bot
    issues = [bot.issue() for _ in BOUNDARIES]
    untouched = bot.issue()
    assert [issue.number for issue in issues] == [boundary + 1 for boundary in BOUNDARIES]
    for issue in (*issues, untouched):
        bot.shop.mona.label(issue, LABEL)
    bot.settle(180)
    assert {mark.name for mark in bot.death.glob("died-[0-9]*")} == {f"died-{boundary}" for boundary in BOUNDARIES}
    right = bot.one_right_comment(untouched)
    assert [bot.one_right_comment(issue) for issue in issues] == [right] * len(BOUNDARIES)


def test_no_token_and_no_key_is_left_in_the_database_or_the_log(bot: Bot) -> None:
    bot.shop.mona.label(bot.issue(), LABEL)
    bot.settle()
    schema = "" if bot.database_url.startswith("sqlite") else "dbos."
    checkpoints = bot.ask(f"SELECT output FROM {schema}operation_outputs WHERE output IS NOT NULL")
    kept = b"".join(base64.b64decode(checkpoint) for checkpoint in checkpoints)
    assert b"octo/shop" in kept
    kept += (bot.folder / "server.log").read_bytes()
    kept += b"".join(path.read_bytes() for path in (bot.folder / "data").rglob("*") if path.is_file())
    secrets = [*bot.shop.sandbox.hub.tokens, bot.shop.app.webhook_secret, bot.shop.app.private_key.splitlines()[1]]
    assert len(secrets) > 3
    assert [secret for secret in secrets if secret.encode() in kept] == []
