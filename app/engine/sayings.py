"""Looks up in the repository what people named as the cause: only a commit older than the fix can have let its bug in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.analysis.culprit.landed import pull_request_of
from app.analysis.culprit.said import FIX, ISSUE, Claim, claims
from app.domain.correction import Corrections
from app.domain.culprit import Saying, Speech, Suspect
from app.domain.unchecked import Unchecked
from app.git.named import Header, brought_by, find_pull, find_shas, leads_to, read_headers
from app.git.repository import FixCommits, Repository
from app.git.run import GitFailed, GitTooSlow

MOST_PULLS = 3
"""Numbers that are looked up: each may walk the whole history."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What people say of one fix, by the full shas of this repository. `known` are the commits they named, by sha."""

    said: tuple[Saying, ...] = ()
    corrections: Corrections = field(default_factory=Corrections)
    known: Mapping[str, Suspect] = field(default_factory=dict)
    unchecked: tuple[Unchecked, ...] = ()


def hear(repository: Repository, fix: FixCommits, speech: Speech, suspects: Sequence[Suspect] = ()) -> Heard:
    """What people said in the fix's message and on the issue, and what they corrected.

    A named merge stands for what it brought: for the best of the `suspects` among that, for the one commit, or for itself.
    Never raises for what was said: names that are not here, not older than the fix, or too slow to find are left out.
    """
    try:
        named = _Named(repository, tuple(suspect.sha for suspect in suspects))
        said = tuple(_sayings(named, fix, _claims(fix, speech)))
        corrections, unchecked = _before(fix, named, _corrections(named, speech.corrections))
    except (GitFailed, GitTooSlow):
        return Heard(corrections=speech.corrections)
    return Heard(said, corrections, named.suspects([*(saying.sha for saying in said), corrections.culprit]), unchecked)


def _claims(fix: FixCommits, speech: Speech) -> tuple[Claim, ...]:
    by_the_fix = claims(fix.message, FIX, speech.repository, speech.web_url)
    return (*by_the_fix, *claims(speech.text, ISSUE, speech.repository, speech.web_url))


def _sayings(named: "_Named", fix: FixCommits, claimed: Sequence[Claim]) -> Iterator[Saying]:
    shas = named.find([claim.sha for claim in claimed if claim.sha])
    pulls = list(dict.fromkeys(claim.number for claim in claimed if claim.number is not None))[:MOST_PULLS]
    landed = {number: find_pull(named.repository, fix.base, number) for number in pulls}
    told = set[str]()
    for claim in claimed:
        sha = shas.get(claim.sha) if claim.number is None else landed.get(claim.number)
        if sha is None or not named.leads_to(sha, fix.base):
            continue
        meant = named.meant(sha)
        if meant not in told:
            told.add(meant)
            yield Saying(meant, claim.manner, claim.where)


def _corrections(named: "_Named", corrections: Corrections) -> Corrections:
    """The same of the commits that a merge stands for. What is not in this clone stays as it was said."""
    culprit = named.meant(corrections.culprit) if corrections.culprit else ""
    denied = (sha for given in corrections.not_culprits for sha in (given, *named.brought(given)))
    return replace(corrections, culprit=culprit, not_culprits=tuple(dict.fromkeys(denied)))


def _before(fix: FixCommits, named: "_Named", corrections: Corrections) -> tuple[Corrections, tuple[Unchecked, ...]]:
    """The same without a culprit that came only with the fix, or on top of it: nobody's word makes that its cause."""
    culprit = corrections.culprit
    if not culprit or culprit == fix.base or not leads_to(named.repository, fix.base, culprit):
        return corrections, ()
    return replace(corrections, culprit=""), (Unchecked("culprit-after-fix", (culprit[:10],)),)


class _Named:
    """Commits that people named, each looked up once; `ranked` are the suspects' shas, best first."""

    def __init__(self, repository: Repository, ranked: tuple[str, ...]) -> None:
        self.repository, self._ranked = repository, ranked
        self._headers: dict[str, Header] = {}
        self._here = set[str]()

    def find(self, beginnings: Iterable[str]) -> dict[str, str]:
        """The full shas of those that are here."""
        asked = list(beginnings)
        found = find_shas(self.repository, asked) if asked else {}
        self._here.update(found.values())
        return found

    def leads_to(self, sha: str, base: str) -> bool:
        """Whether the commit is in the history of `base`, in which all suspects were found."""
        return sha in self._ranked or leads_to(self.repository, sha, base)

    def brought(self, sha: str) -> tuple[str, ...]:
        """The commits that a merge brought, or the one itself; nothing where it is not here."""
        header = self._header(sha)
        return brought_by(self.repository, header) if header else ()

    def meant(self, sha: str) -> str:
        """The commit that is meant where somebody names a commit or a merge."""
        brought = self.brought(sha)
        among = next((ranked for ranked in self._ranked if ranked in brought), None)
        return among or (brought[0] if len(brought) == 1 else sha)

    def suspects(self, shas: Sequence[str]) -> dict[str, Suspect]:
        """The commits as suspects that nothing but people's word speaks for."""
        headers = [header for sha in shas if sha and (header := self._header(sha))]
        return {
            one.sha: Suspect(one.sha, one.subject, one.when, 0.0, pull_request=pull_request_of(one.subject)) for one in headers
        }

    def _header(self, sha: str) -> Header | None:
        if sha not in self._headers and (sha in self._here or self.find([sha]).get(sha) == sha):
            self._headers |= read_headers(self.repository, [sha])
        return self._headers.get(sha)
