"""A delivery that was answered 202 is done, whatever happens to the process at that moment."""

import hashlib
import hmac
import json
import os
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.end_to_end.conftest import Bot
from tests.jobs.build import until

DELIVERIES = 24
KILLS = 2


def deliver(bot: Bot, installation: int) -> str | None:
    """The GUID of a delivery about the end of an installation, if it was answered 202."""
    body = json.dumps({"action": "deleted", "installation": {"id": installation}}).encode()
    guid = str(uuid.uuid4())
    headers = {
        "X-GitHub-Event": "installation",
        "X-GitHub-Delivery": guid,
        "X-Hub-Signature-256": "sha256=" + hmac.new(bot.shop.app.webhook_secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    try:
        answer = httpx.post(f"http://127.0.0.1:{bot.port}/webhook", content=body, headers=headers, timeout=10, trust_env=False)
    except httpx.HTTPError:
        return None
    return guid if answer.status_code == 202 else None


def test_no_delivery_that_was_answered_is_lost_when_the_process_is_killed(bot: Bot) -> None:
    answered: set[str] = set()
    with ThreadPoolExecutor(8) as pool:
        for wave in range(KILLS + 1):
            until(bot.ready)
            numbers = range(wave * DELIVERIES + 1, (wave + 1) * DELIVERIES + 1)
            asked = [pool.submit(deliver, bot, number) for number in numbers]
            if wave < KILLS:
                until(lambda asked=asked: sum(future.done() for future in asked) > DELIVERIES // 4)
                os.kill(int((bot.death / "pid").read_text()), signal.SIGKILL)
            answered |= {guid for future in asked if (guid := future.result())}
    bot.settle(120)
    done = set(
        bot.ask(
            "SELECT delivery FROM recall_delivery_job JOIN recall_job ON recall_job.id = recall_delivery_job.job"
            " WHERE recall_job.state = 'done'"
        )
    )
    assert len(answered) >= DELIVERIES
    assert answered - done == set()
