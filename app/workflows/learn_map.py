"""Learns the test maps that a finished workflow run left behind as artifacts.

Only what GitHub's API says of the run is believed: the delivery may be late, and the artifacts are a stranger's. A map that is
refused spoils none of the others. Run again, the job ends in the same state, since a map that is there is kept once.
"""

from functools import partial

from app.analysis.testmap.arrival import accept
from app.analysis.testmap.mapfile import open_map
from app.analysis.testmap.safe import plain
from app.domain.ci import Artifact, CiRun
from app.domain.errors import TellUser
from app.domain.job import Job, Outcome
from app.workflows.ports import Learning, Step, inline

IGNORED, LEARNED, REFUSED = "ignored", "learned", "refused"


def learn_map(job: Job, outside: Learning, step: Step = inline) -> Outcome:
    """Keeps the maps of the job's run. The outcome's sentence names each artifact of which something was refused, and why.

    Raises TryLater where GitHub could not answer now, GiveUp where the run is gone.
    """
    if job.number is None:
        return Outcome(IGNORED, "The delivery named no run.")
    number, home = job.number, outside.home.repository
    run = step("run", lambda: outside.runs.run(number))
    if not run.is_baseline(home.default_branch) or not step("branch", lambda: outside.runs.on_default_branch(run.commit)):
        return Outcome(IGNORED, f"Run {run.name} of {home.full_name} does not speak for {home.default_branch}.")
    artifacts = step("artifacts", lambda: outside.runs.maps(number))
    learned = [step(f"artifact {each.id}", partial(_learn, each, run, outside)) for each in artifacts]
    kept = sum(count for count, _ in learned)
    refused = [reason for _, reasons in learned for reason in reasons]
    state = REFUSED if refused else LEARNED if kept else IGNORED
    return Outcome(state, " ".join([f"Run {run.name} of {home.full_name} brought {kept} maps of {run.commit[:10]}.", *refused]))


def _learn(artifact: Artifact, run: CiRun, outside: Learning) -> tuple[int, tuple[str, ...]]:
    """How many maps of an artifact were kept, and why others were not."""
    kept, refused = 0, list[str]()
    try:
        for name, content in outside.runs.files(artifact):
            try:
                accepted = accept(open_map(content, outside.limits), run, outside.home.repository.default_branch)
                outside.shelf.put(outside.home, accepted.map_file, baseline=accepted.baseline)
                kept += 1
            except TellUser as error:
                refused.append(f"{plain(artifact.name, 100)}/{plain(name, 100)}: {error}")
    except TellUser as error:
        refused.append(f"{plain(artifact.name, 100)}: {error}")
    return kept, tuple(refused)
