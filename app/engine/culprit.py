"""Which change let a bug in: gathers the trail of a fix, and lets the model decide."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from app.analysis.culprit.corrected import corrected, remaining
from app.analysis.culprit.landed import pull_request_of
from app.analysis.culprit.model import Model, decide, read_model, suspects
from app.analysis.overrides import NONE
from app.domain.culprit import Origin, Speech, Suspect
from app.engine.change_set import read_change_set
from app.engine.sayings import Heard, hear
from app.engine.trail import read_trail
from app.git.log import commit_time
from app.git.named import merge_of
from app.git.repository import Repository, find_fix, open_repository

_APP = Path(__file__).resolve().parent.parent
_PLACES = (_APP / "culprit.json", _APP.parent / "benchmarks" / "culprit.json")

SILENCE = Speech()


@cache
def load_model() -> Model:
    """The model this recall was made with. Raises FileNotFoundError where an installation lost it."""
    path = next((place for place in _PLACES if place.is_file()), _PLACES[-1])
    return read_model(json.loads(path.read_text(encoding="utf-8")))


def trace(path: Path, fix: str, *, speech: Speech | None = SILENCE, cautious: bool = False) -> Origin:
    """The change that let in what this fix repaired, by any name git knows the fix by.

    Nothing after the fix's parent is read. What people say in `speech` and in the fix's message wins over the guess, which reads
    neither; with None, nobody is heard. Raises TellUser where the repository or the fix is not there, TryLater where git takes
    too long.
    """
    repository = open_repository(path)
    commits = find_fix(repository, fix)
    change = read_change_set(repository, commits, NONE)
    trail = read_trail(repository, commits, change, commit_time(repository, commits.head))
    model = load_model()
    ranked = suspects(trail, model)
    heard = hear(repository, commits, speech, ranked) if speech else Heard()
    guess = decide(remaining(ranked, heard.corrections), model, cautious=cautious, unchecked=(*heard.unchecked, *trail.unchecked))
    return _landed(repository, commits.base, corrected(guess, heard.said, heard.corrections, heard.known))


def _landed(repository: Repository, base: str, origin: Origin) -> Origin:
    """The same with the pull request of whoever is named, where only the merge that brought the commit tells it."""
    named = 0 if origin.culprit is None else 2 if origin.close else 1
    told = (_with_pull(repository, base, suspect) for suspect in origin.suspects[:named])
    return replace(origin, suspects=(*told, *origin.suspects[named:]))


def _with_pull(repository: Repository, base: str, suspect: Suspect) -> Suspect:
    if suspect.pull_request is not None:
        return suspect
    merge = merge_of(repository, suspect.sha, base)
    return replace(suspect, pull_request=pull_request_of(merge.subject)) if merge else suspect
