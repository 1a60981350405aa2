"""Tells release tags from other tags by their names, and releases from what came before them."""

import re
from dataclasses import dataclass

_TAG = re.compile(
    r"(?:(?P<family>[A-Za-z@][A-Za-z0-9@._/-]{0,80}?)[-_/@.])??[vVrR]?(?P<numbers>\d{1,9}(?:[._]\d{1,9}){0,5})(?P<rest>[-._+A-Za-z0-9]{0,40})",
    re.ASCII,
)
_NO_FAMILY = re.compile(r"\b(?:nightly|snapshot|build|ci|test|tmp|backup|deploy|before|after|base|start|wip)\b", re.IGNORECASE)
_PRE = re.compile(
    r"[-._+]?(?:(?:alpha|beta|rc|pre(?:view)?|dev|snapshot|milestone|nightly|canary|next|experimental|cr|ea)[-._]?\d*|[abcmM][-._]?\d+)"
    r"(?:[-._+].*)?",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"(?:[a-z]|[-._]?(?:final|ga|release|stable|lts)|[-._]?(?:post|p|sp|patch|r)[-._]?\d+|[-.]\d+)?(?:\+.*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """What a tag says of itself: its numbers, and whether it is a release (`final`) or comes before one; smaller is earlier."""

    numbers: tuple[int, ...]
    final: bool


def version_of(tag: str) -> Version | None:
    """The version that a tag names, None where it is no release tag by its name.

    `v1.2.3`, `release-1.2`, `pkg@1.2.3`, `v2_7_0` and `310` are releases; `1.0rc1` and `v5.0.0.beta2` come before one;
    `nightly-2024-01-01`, `all-tests-pass` and `checkout` are none.
    """
    found = _TAG.fullmatch(tag)
    if found is None or _NO_FAMILY.search(found["family"] or ""):
        return None
    numbers = tuple(int(part) for part in re.split(r"[._]", found["numbers"]))
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    if _PRE.fullmatch(found["rest"]):
        return Version(numbers, final=False)
    return Version(numbers, final=True) if _FINAL.fullmatch(found["rest"]) else None
