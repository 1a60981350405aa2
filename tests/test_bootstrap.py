"""The same work in one process, with no queue and no database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.bootstrap.perform import run_inline, table, within
from app.domain.delivery import Delivery
from app.domain.escape import Fix, FixState, Link, LinkKind
from app.domain.job import Job, State, Task
from app.store.memory import Memory
from app.workflows.end_installation import end_installation
from app.workflows.plan import plan
from app.workflows.ports import Outside
from app.workflows.report_escape import report_escape
from app.workflows.resume_escapes import resume_escapes
from tests.workflows.memory import ISSUE, SHOP, Forgery, outside

LABELED = Delivery("d-1", "issues", "labeled", 5, SHOP, number=ISSUE.number, label="escaped-bug")
MERGED = Delivery("d-2", "pull_request", "closed", 5, SHOP, number=7, on_pull=True, text=f"Fixes #{ISSUE.number}")


def test_a_label_and_then_a_fix_make_one_comment_with_no_queue() -> None:
    forge, records = Forgery(), Memory()

    @contextmanager
    def reach(_job: Job) -> Iterator[Outside]:
        yield outside(forge, records)  # type: ignore[arg-type]

    perform = table(
        {
            Task.REPORT_ESCAPE: within(reach, report_escape),
            Task.RESUME_ESCAPES: lambda job, step: resume_escapes(job, records, step),
        }
    )
    run_inline(plan(LABELED, label="escaped-bug", me=None), perform)
    assert [recall.state for recall in records.recalls(SHOP.id)] == [State.PROVISIONAL]
    forge.links = (Link(LinkKind.CLOSED_BY_PULL, Fix(SHOP.full_name, "f" * 40, pull=7, state=FixState.MERGED), 0.95),)
    outcomes = run_inline(plan(MERGED, label="escaped-bug", me=None), perform)
    assert [outcome.state for outcome in outcomes] == ["resumed", State.REPORTED, "ignored"]
    assert len(forge.written) == 1
    assert "f" * 40 in forge.written[0].body


def test_an_installation_that_ends_is_forgotten_with_no_queue() -> None:
    records = Memory()

    @contextmanager
    def reach(_job: Job) -> Iterator[Outside]:
        yield outside(Forgery(), records)  # type: ignore[arg-type]

    perform = table(
        {
            Task.REPORT_ESCAPE: within(reach, report_escape),
            Task.END_INSTALLATION: lambda job, step: end_installation(job, records, step),
        }
    )
    run_inline(plan(LABELED, label="escaped-bug", me=None), perform)
    ended = replace(LABELED, event="installation", action="deleted", repository=None, number=None)
    run_inline(plan(ended, label="escaped-bug", me=None), perform)
    assert records.recalls(SHOP.id) == ()
