"""What a map that arrived may count as: decided by what is known of the run it came from, never by what it says of itself."""

from dataclasses import dataclass, replace

from app.analysis.testmap.mapfile import MAX_LABEL, MapFile
from app.analysis.testmap.safe import plain
from app.domain.ci import CiRun
from app.domain.errors import TellUser


@dataclass(frozen=True, slots=True)
class Accepted:
    """The map with the run and the branch that are known of it, and whether it may speak for the default branch."""

    map_file: MapFile
    baseline: bool


def accept(map_file: MapFile, run: CiRun, default_branch: str) -> Accepted:
    """Raises TellUser for a map of another commit than the run tested: a run vouches for no other."""
    origin = map_file.segment.origin
    if origin.commit != run.commit:
        raise TellUser(
            f"The map is of commit {origin.commit[:10]}, the run tested {run.commit[:10]}. "
            "Build it in the run that uploads it, with --commit as that run's GITHUB_SHA."
        )
    branch = plain(run.ref.removeprefix("refs/heads/").removeprefix("refs/"), MAX_LABEL)
    known = replace(map_file.segment, origin=replace(origin, branch=branch, run=run.name))
    return Accepted(replace(map_file, segment=known), run.is_baseline(default_branch))
