"""Takes a test map that a CI run sends: first who sends it, from its token alone, then the map. Raised errors are the answer."""

from dataclasses import dataclass

from app.analysis.testmap.arrival import accept
from app.analysis.testmap.mapfile import open_map
from app.domain.ci import CiRun, Home
from app.domain.errors import Unproven
from app.workflows.ports import Gate


@dataclass(frozen=True, slots=True)
class Sender:
    """A run that may send a map of its repository."""

    run: CiRun
    home: Home


def admit(token: str, gate: Gate) -> Sender:
    """Who sends, before a byte of the map is read. Raises Unproven for a bad or used token, NotAllowed where recall is not
    installed, TryLater where that cannot be found out now.
    """
    proof = gate.verify(token)
    if not gate.use(proof.token, proof.ends):
        raise Unproven("The token was used before; ask the runner for a fresh one.")
    return Sender(proof.run, gate.home(proof.run))


def take_map(sender: Sender, data: bytes, gate: Gate) -> str:
    """Keeps the map, and says so in one sentence. Raises TellUser for one that is not sound or not of that run's commit."""
    branch = sender.home.repository.default_branch
    accepted = accept(open_map(data, gate.limits), sender.run, branch)
    gate.shelf.put(sender.home, accepted.map_file, baseline=accepted.baseline)
    tests, files = len(accepted.map_file.segment.tests), len(accepted.map_file.paths)
    told = f"Kept the map of {sender.run.commit[:10]}: {tests} tests, {files} files"
    if accepted.baseline:
        return f"{told}, to answer from."
    return f"{told}, but nothing is answered from it: only pushes to {branch} and schedules bring such maps."
