"""Builds the why-it-was-green ledger of real introducing changes, as `docs/why-it-was-green.md` shows them.

    python -m benchmarks.green --mirrors FOLDER [--only pkgcheck]

FOLDER holds a clone of each repository under `owner+name/repo`. Each is served by the sandbox GitHub; on the introducing commit
stand check runs or statuses named after the jobs that the CI configuration in that very commit has. No clone remembers how those
ended, so how they end here is made up, and stands in `CASES`: green, and one of them only at the second try. Everything else,
that is the tests, their reasons and the life of the bug, is read from the history. Which change let the bug in is what its
developers wrote in the fix's message.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from app.domain.delivery import Repository
from app.domain.green import Ledger
from app.engine.explain import Asked, explain
from app.engine.weights import load_weights
from app.engine.why_green import look_back
from app.git.log import commit_time
from app.git.repository import find_commit, open_repository
from app.github.auth import Given, Host
from app.github.green import RepositoryGreen
from app.render.green import Told, told
from app.render.links import Links
from app.render.sentences import Sentences
from app.render.words import markdown
from app.sandbox import Sandbox

GITHUB = "https://github.com"


@dataclass(frozen=True)
class Case:
    """A fix and the commit that its developers say it repairs. `jobs` are check runs of the workflow of that name, or, without
    one, commit statuses; `again` is the one among them that failed first.
    """

    repository: str
    fix: str
    culprit: str
    jobs: tuple[str, ...]
    workflow: str = ""
    again: str = ""


CASES = (
    Case(
        "pkgcore/pkgcheck",
        "e12f045393",
        "9ed3caaf86",
        (
            "build (ubuntu-latest, 3.8, newest-deps, false, bundled)",
            "build (ubuntu-latest, 3.9, minimal-deps, false)",
            "build (macos-latest, 3.9, newest-deps, false, bundled)",
        ),
        "test",
        again="build (macos-latest, 3.9, newest-deps, false, bundled)",
    ),
    Case("dials/dials", "22c7c4c12e", "7383e9a1e2", ("continuous-integration/travis-ci/push",)),
    Case("dials/dials", "7cfb6ec791", "96fb05d5bb", ("continuous-integration/travis-ci/push",)),
    Case("prometheus/prometheus", "ffa2e73803", "5e8d57bec1", ("continuous-integration/travis-ci/push",)),
    Case("prometheus/prometheus", "e4e65d1247", "ee7d5158a7", ("Go tests", "Go tests on Windows", "UI tests"), "CI", "Go tests"),
    Case("cockpit-project/cockpit", "afe5a08891", "e5b41b6cf4", ("unit-tests (check-memory)",), "unit-tests"),
)


def main() -> None:
    """Prints the ledgers as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.green", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--mirrors", type=Path, required=True, help="folder with a clone under owner+name/repo for each repository"
    )
    parser.add_argument("--only", default="", help="only the repositories whose name holds this")
    given = parser.parse_args()
    for case in (one for one in CASES if given.only in one.repository):
        with tempfile.TemporaryDirectory(prefix="recall-green-") as folder:
            ledger = build(case, given.mirrors / case.repository.replace("/", "+") / "repo", Path(folder))
        print("\n".join(page(case, ledger)), flush=True)


def build(case: Case, mirror: Path, folder: Path) -> Ledger:
    """The ledger as recall makes it, over a sandbox that serves a clone of `mirror` from `folder`."""
    with Sandbox(folder) as sandbox:
        made = sandbox.create_repository(case.repository, source=mirror)
        repository = open_repository(made.git.path)
        culprit = find_commit(repository, case.culprit)
        token = sandbox.person("mona", case.repository, role="write").token()
        _seed(sandbox, case, culprit, token)
        home = Repository(made.id, case.repository, default_branch=made.default_branch)
        host = Host(sandbox.api_url, sandbox.url)
        with closing(RepositoryGreen(host, Given(token, "mona"), lambda: home)) as green:
            ledger = green.landed(culprit, when=commit_time(repository, culprit))
        report = explain(made.git.path, Asked(fix=case.fix), load_weights())
        found = look_back(made.git.path, ledger, report, reported="", landed=True)
        checks = tuple(replace(check, url="", started="", ended="") for check in found.checks or ())
        return replace(found, checks=checks)


def page(case: Case, ledger: Ledger) -> Iterator[str]:
    """The fold as it stands in a comment, its links leading to GitHub; made-up checks lead to the commit alone."""
    found = told(ledger, Sentences(markdown(), Links(GITHUB, case.repository, ledger.commit)), 40)
    yield f"## {case.repository}: {case.culprit}, repaired by {case.fix}\n"
    yield f"> **{found.title}**\n>\n> {found.life}\n>"
    yield from _table(found)
    yield from (f"> - {note}" for note in found.notes)
    yield ""


def _table(found: Told) -> Iterator[str]:
    if found.checks:
        yield "> | check on that change | how it ended |\n> |---|---|"
        yield from (f"> | {line.name} | {line.why} |" for line in found.checks)
        yield ">"
    if found.tests:
        yield "> | test | kind | why it did not see the bug |\n> |---|---|---|"
        yield from (f"> | {line.name} | {line.kind} | {line.why} |" for line in found.tests)
        yield ">"


def _seed(sandbox: Sandbox, case: Case, sha: str, token: str) -> None:
    if case.workflow:
        run = sandbox.start_run_at(case.repository, sha, case.workflow, "push")
        for job in case.jobs:
            if job == case.again:
                sandbox.job(run, job, "failure")
            sandbox.job(run, job)
        return
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=sandbox.api_url, headers=headers, trust_env=False) as client:
        for job in case.jobs:
            for state in ("failure", "success") if job == case.again else ("success",):
                body = {"state": state, "context": job}
                client.post(f"/repos/{case.repository}/statuses/{sha}", json=body).raise_for_status()


if __name__ == "__main__":
    main()
