"""Memory on the branch `recall-data` of a real sandbox: what a database remembers is remembered, side by side as well."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.ledger import BRANCH, FOLLOWED, place
from app.domain.correction import Corrections
from app.domain.delivery import Repository
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State
from app.github.auth import Given, Host
from app.github.ledger import Ledger
from tests.shop import SHOP, Shop, open_shop

WRITE = {"contents": "write", "metadata": "read"}
REPORT = json.dumps({"fix": {"sha": "f" * 40, "subject": "Fix"}, "base": "b" * 40, "tests": [], "changed": []})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path / "github", permissions={"contents": "write", "issues": "write", "metadata": "read"}) as made:
        yield made


def home(shop: Shop) -> Repository:
    return Repository(shop.repository.id, SHOP, "private")


def ledger(shop: Shop, **permissions: str) -> Ledger:
    token = shop.mint({"permissions": permissions or WRITE})["token"]
    return Ledger(Host(shop.sandbox.api_url, shop.sandbox.url), Given(token, "recall[bot]"), home(shop))


def recall(shop: Shop, number: int = 1) -> Recall:
    return Recall(shop.repository.id, number, None, SHOP, State.REPORTED, 7, 3, "f" * 40, REPORT, title="Totals are wrong")


def file(shop: Shop, path: str) -> str:
    git = shop.repository.git
    tip = git.ref(f"refs/heads/{BRANCH}")
    entry = git.entry(tip, path) if tip else None
    return git.blob(entry.sha).decode() if entry else ""


def test_what_one_run_saved_the_next_one_knows(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    known = ledger(shop).recall(shop.repository.id, 1)
    assert known is not None
    assert (known.state, known.comment_id, known.fix_pull, known.fix_head, known.title) == (
        State.REPORTED,
        7,
        3,
        "f" * 40,
        "Totals are wrong",
    )
    assert json.loads(known.report or "")["base"] == "b" * 40
    assert known.course.moments


def test_the_branch_shares_no_history_with_any_other(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    git = shop.repository.git
    tip = git.ref(f"refs/heads/{BRANCH}")
    assert tip is not None
    assert git.commit(tip).parents == ()
    assert "never to be merged" in file(shop, "README.md")


def test_lines_are_only_added_and_say_only_what_changed(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    first = file(shop, place(1))
    ledger(shop).save(replace(recall(shop), state=State.WITHDRAWN))
    both = file(shop, place(1))
    assert both.startswith(first)
    assert set(json.loads(both.splitlines()[1])) == {"at", "state", "course"}


def test_saving_what_is_known_makes_no_commit(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    tip = shop.repository.git.ref(f"refs/heads/{BRANCH}")
    ledger(shop).save(recall(shop))
    assert shop.repository.git.ref(f"refs/heads/{BRANCH}") == tip


def test_no_commit_of_the_branch_is_a_reference_to_the_issue(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    memory = ledger(shop)
    memory.save(recall(shop, issue.number))
    memory.keep_said(shop.repository.id, issue.number, lambda said: replace(said, fix="#9"))
    assert not any("#" in commit.message for commit in shop.repository.git.log(BRANCH))


def test_guard_and_words_of_people_are_not_overwritten_by_saving(shop: Shop) -> None:
    memory = ledger(shop)
    memory.save(recall(shop))
    memory.keep_guard(shop.repository.id, 1, lambda guard: replace(guard, draft=DraftState.OPEN, proof=ProofState.RED))
    memory.keep_said(shop.repository.id, 1, lambda said: replace(said, fix="#9"))
    memory.save(recall(shop))
    known = ledger(shop).recall(shop.repository.id, 1)
    assert known is not None
    assert (known.guard.draft, known.guard.proof, known.said.fix) == (DraftState.OPEN, ProofState.RED, "#9")


def test_nothing_is_kept_of_an_issue_of_which_nothing_is_known(shop: Shop) -> None:
    memory = ledger(shop)
    assert memory.keep_guard(shop.repository.id, 1, lambda guard: replace(guard, draft=DraftState.OPEN)) == Guard()
    assert memory.keep_said(shop.repository.id, 1, lambda said: replace(said, fix="#9")) == Corrections()
    assert not ledger(shop).exists


def test_history_holds_final_states_and_recalls_do_not(shop: Shop) -> None:
    memory = ledger(shop)
    memory.save(recall(shop, 12))
    memory.save(replace(recall(shop, 2), state=State.WITHDRAWN))
    again = ledger(shop)
    assert [one.number for one in again.history(shop.repository.id)] == [2, 12]
    assert [one.number for one in again.recalls(shop.repository.id)] == [12]
    assert again.history(shop.repository.id + 1) == ()


def test_commands_that_were_followed_are_remembered(shop: Shop) -> None:
    memory = ledger(shop)
    memory.follow(shop.repository.id, "12-abc")
    again = ledger(shop)
    assert again.followed(shop.repository.id, "12-abc")
    assert not again.followed(shop.repository.id, "12-abd")
    assert not again.followed(shop.repository.id + 1, "12-abc")


def test_a_token_that_may_only_read_reads_and_remembers_for_itself_alone(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    tip = shop.repository.git.ref(f"refs/heads/{BRANCH}")
    reading = ledger(shop, contents="read")
    reading.save(recall(shop, 2))
    assert [one.number for one in reading.recalls(shop.repository.id)] == [1, 2]
    assert reading.unwritten
    assert shop.repository.git.ref(f"refs/heads/{BRANCH}") == tip


def test_a_token_that_may_only_read_makes_no_branch(shop: Shop) -> None:
    reading = ledger(shop, contents="read")
    reading.save(recall(shop))
    assert reading.recall(shop.repository.id, 1) is not None
    assert shop.repository.git.ref(f"refs/heads/{BRANCH}") is None


def test_two_that_read_before_either_wrote_lose_nothing(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    one, other = ledger(shop), ledger(shop)
    assert one.exists
    assert other.exists
    one.keep_guard(shop.repository.id, 1, lambda guard: replace(guard, branch="recall/1"))
    other.keep_guard(shop.repository.id, 1, lambda guard: replace(guard, run="pytest"))
    known = ledger(shop).recall(shop.repository.id, 1)
    assert known is not None
    assert (known.guard.branch, known.guard.run) == ("recall/1", "pytest")


def test_two_that_begin_at_once_lose_nothing(shop: Shop) -> None:
    one, other = ledger(shop), ledger(shop)
    assert not one.exists
    assert not other.exists
    one.save(recall(shop, 1))
    other.save(recall(shop, 2))
    assert [each.number for each in ledger(shop).recalls(shop.repository.id)] == [1, 2]


def test_an_answer_that_was_lost_makes_no_second_line(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    memory = ledger(shop)
    assert memory.exists
    shop.sandbox.faults.add("server-error-after", method="POST", path="*/graphql")
    memory.keep_guard(shop.repository.id, 1, lambda guard: replace(guard, run="pytest"))
    assert len(file(shop, place(1)).splitlines()) == 2


def test_lines_that_are_none_of_ours_are_passed_over(shop: Shop) -> None:
    ledger(shop).save(recall(shop))
    text = file(shop, place(1))
    shop.mona.push(SHOP, {place(1): text + "no json\n[1]\n", place(2): "{}\n", FOLLOWED: "[]\n"}, "Meddle", branch=BRANCH)
    again = ledger(shop)
    assert [one.number for one in again.history(shop.repository.id)] == [1]
    assert not again.followed(shop.repository.id, "12-abc")


WRITER = """
import sys
from dataclasses import replace
from app.domain.delivery import Repository
from app.domain.job import Recall, State
from app.github.auth import Given, Host
from app.github.ledger import Ledger

api, web, token, home, first = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
memory = Ledger(Host(api, web), Given(token, "recall[bot]"), Repository(home, "octo/shop"))
for number in range(first, first + 4):
    memory.save(Recall(home, number, None, "octo/shop", State.REPORTED, number))
    memory.follow(home, f"key-{number}")
    memory.keep_said(home, 1, lambda said: replace(said, not_culprits=(*said.not_culprits, str(number))))
"""


def test_two_processes_at_once_lose_nothing(shop: Shop) -> None:
    ledger(shop).save(recall(shop, 1))
    told = [shop.sandbox.api_url, shop.sandbox.url, shop.mint({"permissions": WRITE})["token"], str(shop.repository.id)]
    both = [subprocess.Popen([sys.executable, "-c", WRITER, *told, first]) for first in ("10", "20")]
    assert [process.wait(60) for process in both] == [0, 0]
    memory = ledger(shop)
    numbers = [*range(10, 14), *range(20, 24)]
    assert [one.number for one in memory.recalls(shop.repository.id)] == [1, *numbers]
    assert all(memory.followed(shop.repository.id, f"key-{number}") for number in numbers)
    known = memory.recall(shop.repository.id, 1)
    assert known is not None
    assert sorted(known.said.not_culprits) == sorted(map(str, numbers))
