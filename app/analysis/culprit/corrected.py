"""Lets people's word win over the guess: what they correct wins over what they said, and that over what recall weighed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.correction import Corrections
from app.domain.culprit import Basis, Origin, Saying, Suspect

_MEASURED = ("bisect", "revert", "fixes-trailer")


def remaining(suspects: Sequence[Suspect], corrections: Corrections) -> tuple[Suspect, ...]:
    """Those that nobody ruled out; whether the best of them passes the bar is for the model to say again."""
    return tuple(suspect for suspect in suspects if suspect.sha not in corrections.not_culprits)


def named(said: Corrections, sha: str) -> Corrections:
    """The same after somebody named the culprit."""
    return replace(said, culprit=sha, not_culprits=tuple(one for one in said.not_culprits if one != sha))


def ruled_out(said: Corrections, sha: str) -> Corrections:
    """The same after somebody ruled a commit out."""
    culprit = "" if said.culprit == sha else said.culprit
    return replace(said, culprit=culprit, not_culprits=tuple(dict.fromkeys((*said.not_culprits, sha))))


def corrected(guess: Origin, said: Sequence[Saying], corrections: Corrections, known: Mapping[str, Suspect]) -> Origin:
    """The answer after people were heard. `guess` was made of the `remaining`, shas in all of it are full ones.

    `known` are the commits that people named, by sha: who comes first because people said so need not be a suspect of the guess.
    """
    heard = tuple(saying for saying in said if saying.sha not in corrections.not_culprits)
    if corrections.culprit:
        named, basis = corrections.culprit, Basis.CORRECTED
    elif heard:
        named, basis = _most_trusted(heard).sha, Basis.SAID
    else:
        return guess
    suspects = {suspect.sha: suspect for suspect in guess.suspects}
    first = suspects.pop(named, None) or known.get(named) or Suspect(named, "", 0, 0.0)
    return replace(guess, culprit=named, basis=basis, suspects=(first, *suspects.values()), close=False, said=heard)


def _most_trusted(said: Sequence[Saying]) -> Saying:
    """What was measured or written for machines comes first, then the fix before the issue, whose last word counts."""
    ordered = [one for one in said if one.where == "fix"] + [one for one in reversed(said) if one.where != "fix"]
    return min(ordered, key=lambda one: one.manner not in _MEASURED)
