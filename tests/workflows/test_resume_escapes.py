"""Which recalls a pull request concerns, and what a deleted installation leaves behind."""

import pytest

from app.domain.job import Job, Recall, State, Task
from app.workflows.end_installation import end_installation
from app.workflows.resume_escapes import resume_escapes
from tests.workflows.memory import SHOP, Memory


def recall(number: int, fix_pull: int | None = None, installation: int = 5) -> Recall:
    return Recall(9, number, installation, "acme/shop", State.WAITING, fix_pull=fix_pull)


def remembered(*recalls: Recall) -> Memory:
    records = Memory()
    for entry in recalls:
        records.save(entry)
    return records


def resumed(text: str, number: int = 7) -> list[int | None]:
    job = Job(Task.RESUME_ESCAPES, "g", installation=5, repository=SHOP, number=number, sender="ada", text=text)
    records = remembered(recall(42), recall(43, fix_pull=7), recall(44))
    following = resume_escapes(job, records).next
    assert all((j.task, j.delivery, j.installation) == (Task.REPORT_ESCAPE, "g", 5) for j in following)
    return [j.number for j in following]


@pytest.mark.parametrize("text", ["fixes #42", "see acme/shop#42", "https://github.com/acme/shop/issues/42"])
def test_a_recall_whose_issue_the_pull_request_names_goes_on(text: str) -> None:
    assert resumed(text, number=8) == [42]


def test_a_recall_whose_fix_the_pull_request_is_goes_on_whatever_its_text_says() -> None:
    assert resumed("") == [43]


def test_other_pull_requests_concern_nothing() -> None:
    assert resumed("fixes #1 and acme/other#42", number=8) == []


def test_a_deleted_installation_is_forgotten_and_no_other() -> None:
    records = remembered(recall(1), recall(2, installation=6))
    job = Job(Task.END_INSTALLATION, "g", installation=5, repository=None)
    assert end_installation(job, records).state == "ended"
    assert [entry.number for entry in records.history(9)] == [2]
    assert end_installation(job, records).state == "ended"
