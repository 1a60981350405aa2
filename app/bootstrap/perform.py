"""What doing a job means: the table of tasks, for whoever has them done, a queue's worker or a process with no queue."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TypeVar

from app.bootstrap.github import GitHub
from app.domain.job import Job, Outcome, Task
from app.jobs import Perform
from app.workflows.check_configuration import check_configuration
from app.workflows.check_proof import check_proof
from app.workflows.draft_test import draft_test
from app.workflows.end_installation import end_installation
from app.workflows.follow_command import follow_command
from app.workflows.learn_map import learn_map
from app.workflows.ports import Step, inline
from app.workflows.read_receipts import read_receipts
from app.workflows.report_escape import report_escape
from app.workflows.resume_escapes import resume_escapes
from app.workflows.review_pull import review_pull
from app.workflows.send_digest import send_digest
from app.workflows.tick_boxes import tick_boxes

World = TypeVar("World")


def performing(github: GitHub) -> Perform:
    """What doing a job means at that GitHub: each task with what it may reach."""
    records = github.kept.records
    return table(
        {
            Task.REPORT_ESCAPE: within(github.reach, report_escape),
            Task.RESUME_ESCAPES: lambda job, step: resume_escapes(job, records, step, web_url=github.web_url),
            Task.END_INSTALLATION: lambda job, step: end_installation(job, records, step),
            Task.DRAFT_TEST: within(github.draft, draft_test),
            Task.LEARN_MAP: within(github.learn, learn_map),
            Task.READ_RECEIPTS: within(github.prove, read_receipts),
            Task.CHECK_PROOF: within(github.prove, check_proof),
            Task.REVIEW_PULL: within(github.review, review_pull),
            Task.CHECK_CONFIGURATION: within(github.configure, check_configuration),
            Task.SEND_DIGEST: within(github.send, send_digest),
            Task.TICK_BOXES: within(github.tick, tick_boxes),
            Task.FOLLOW_COMMAND: within(github.command, follow_command),
        }
    )


def table(acts: Mapping[Task, Perform]) -> Perform:
    """Does each job as the table has it; what is not in the table is not done, and the outcome says so."""

    def perform(job: Job, step: Step) -> Outcome:
        act = acts.get(job.task)
        return act(job, step) if act else Outcome("ignored", f"The job {job.task} is not done here.")

    return perform


def within(open_outside: Callable[[Job], AbstractContextManager[World]], act: Callable[[Job, World, Step], Outcome]) -> Perform:
    """Does a job with what it may reach, opened for it alone."""

    def perform(job: Job, step: Step) -> Outcome:
        with open_outside(job) as outside:
            return act(job, outside, step)

    return perform


def run_inline(jobs: Iterable[Job], perform: Perform) -> list[Outcome]:
    """Does the jobs and what they want done next, here and now, with no queue and no database. Errors are the caller's."""
    waiting, outcomes = list(jobs), list[Outcome]()
    while waiting:
        outcomes.append(perform(waiting.pop(0), inline))
        waiting += outcomes[-1].next
    return outcomes
