"""The table of all keys of `.github/recall.yml`: what each is for, what it takes, and the value that it has by itself.

Reading, the published schema, `recall config show` and the file that `recall init` writes are all made from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.analysis.globs import Glob
from app.analysis.overrides import Overrides
from app.analysis.settings.forms import Choice, Form, Share, Switch, Whole
from app.analysis.settings.texts import Many, Text, TextOrNone, glob, repository
from app.analysis.settings.times import Clock, Day, Zone
from app.domain.configuration import Configuration, Fallback

PATH = ".github/recall.yml"
# A person writes a few lines; anything above these is no configuration and would only cost time.
MAX_TEXT = 64 * 1024
MAX_GLOBS = 200
MAX_GLOB = 300
MAX_COMMAND = 1_000
MAX_DRAFTS = 50
MAX_LABELS = 20
MAX_LABEL = 50  # what GitHub takes

Values = Mapping[str, Any]
"""Values by the dotted names of their keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key by its dotted name. `says` is Markdown; `example` is a value as people write it, another than the default."""

    name: str
    form: Form
    says: str
    example: Any

    @property
    def section(self) -> str:
        """The section that it stands in, "" for the top."""
        return self.name.rpartition(".")[0]

    @property
    def word(self) -> str:
        """Its name within the section."""
        return self.name.rpartition(".")[2]


_GLOBS = Many(glob(MAX_GLOB), "globs", MAX_GLOBS)
_LABEL = Text(f"the name of a label of at most {MAX_LABEL} characters", MAX_LABEL)
_COMMAND = Text(f"one line of at most {MAX_COMMAND} characters", MAX_COMMAND)

SECTIONS: Mapping[str, str] = {
    "tests": "Which files are tests, by globs as in `.gitignore`, where their names and folders do not tell by themselves.",
    "review": "Remarks on pull requests that touch what broke before.",
    "digest": "The one issue that is written anew every week: what escaped, and what is still unguarded.",
}
"""What each section is for."""

KEYS: tuple[Key, ...] = (
    Key(
        "labels",
        Many(_LABEL, "names of labels", MAX_LABELS),
        "Labels that mark an issue as an escaped bug, in place of the one that recall itself is set to (`escaped-bug`).",
        ["escaped-bug", "regression"],
    ),
    Key("tests.integration", _GLOBS, "Integration tests: several parts of the code together.", ["tests/it/**"]),
    Key("tests.e2e", _GLOBS, "End-to-end tests: the whole system from outside.", ["browser/**"]),
    Key("tests.unit", _GLOBS, "Unit tests.", ["tests/unit/**"]),
    Key("tests.ignore", _GLOBS, "Files that are never named as tests.", ["tests/fixtures/**"]),
    Key(
        "test_command",
        _COMMAND,
        "The command that runs single tests, where recall would find another; no shell reads it. `{tests}` stands for the tests'"
        " addresses, `{files}` for their files, `{names}` for their names, `{pattern}` for a regular expression of the names,"
        " `{results}` for the JUnit XML file to write.",
        "make test TESTS={files}",
    ),
    Key("comments", Switch(), "Whether recall comments on issues and pull requests.", False),
    Key("checks", Switch(), "Whether recall makes check runs.", False),
    Key("drafts", Switch(), "Whether recall opens draft pull requests with the regression test.", False),
    Key(
        "draft_fallback",
        Choice(tuple(Fallback)),
        "What becomes of a draft where the plan has none: an ordinary pull request, the branch alone, or text in the comment.",
        "pull-request",
    ),
    Key("drafts_per_day", Whole(0, MAX_DRAFTS), "At most so many drafts in 24 hours; the rest is text in the comment.", 2),
    Key(
        "draft_label",
        TextOrNone(_LABEL),
        "The label of a draft: by itself the one that the issue carries, `false` for none.",
        "regression-test",
    ),
    Key("require_proof", Switch(), "Whether the check run `recall / proof` fails, instead of staying neutral.", True),
    Key("review.enabled", Switch(), "Whether recall remarks on pull requests at all.", False),
    Key("review.drafts", Switch(), "Whether draft pull requests are looked at too.", True),
    Key("review.bots", Switch(), "Whether pull requests of bots are looked at too.", True),
    Key("review.seams", Switch(), "Whether a change to a seam that let bugs through is worth a remark of its own.", False),
    Key("review.fail", Switch(), "Whether the check run `recall / review` fails, instead of staying neutral.", True),
    Key("digest.enabled", Switch(), "Whether the digest is written.", False),
    Key("digest.day", Day(), "The day of the week on which it is due.", "friday"),
    Key("digest.time", Clock(), "The time of day at which it is due.", "16:30"),
    Key("digest.zone", Zone(), "The time zone of that time, by its IANA name.", "Europe/Berlin"),
    Key(
        "digest.repository",
        repository(),
        "A repository of the same owner that collects the digests of several in one issue.",
        "octo-org/quality",
    ),
    Key("ignore", _GLOBS, "Paths that no remark is about, by globs as in `.gitignore`.", ["vendor/**"]),
    Key(
        "least_right",
        Share(),
        "Once people have called less than this share of what recall said right (of at least five verdicts), it opens no drafts.",
        0.8,
    ),
    Key("dry_run", Switch(), "Whether everything is computed and worded, and nothing is written.", True),
)
"""All keys, in the order in which they are told; those of one section stand together."""

BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}


def words_in(section: str) -> tuple[str, ...]:
    """What may stand in a section ("" for the top), in the table's order."""
    words = (key.word if key.section == section else key.section for key in KEYS if key.section == section or not section)
    return tuple(dict.fromkeys(words))


def configuration_of(values: Values) -> Configuration:
    """The configuration in which those keys have these values, as their forms take them, and all others their defaults."""
    plain = Configuration()
    digest = dict(_within(values, "digest"))
    if "time" in digest:
        digest["hour"], digest["minute"] = digest.pop("time")
    top = {name: value for name, value in values.items() if "." not in name}
    if "draft_fallback" in top:
        top["draft_fallback"] = Fallback(top["draft_fallback"])
    review = replace(plain.review, **dict(_within(values, "review")))
    return replace(plain, **top, review=review, digest=replace(plain.digest, **digest))


def overrides_of(values: Values) -> Overrides:
    """Which files are tests, by those values."""
    return Overrides(**{word: tuple(Glob(one) for one in globs) for word, globs in _within(values, "tests")})


def values_of(configuration: Configuration, overrides: Overrides) -> dict[str, Any]:
    """Every key with its value as people write it, in the table's order; None for what is left open."""
    return {key.name: key.form.plain(_used(key, configuration, overrides)) for key in KEYS}


def _used(key: Key, configuration: Configuration, overrides: Overrides) -> Any:
    digest = configuration.digest
    if key.section == "tests":
        return tuple(one.pattern for one in getattr(overrides, key.word))
    if key.name == "digest.time":
        return digest.hour, digest.minute
    return getattr(getattr(configuration, key.section) if key.section else configuration, key.word)


def _within(values: Values, section: str) -> Iterable[tuple[str, Any]]:
    return ((BY_NAME[name].word, value) for name, value in values.items() if BY_NAME[name].section == section)


DEFAULTS: Values = values_of(Configuration(), Overrides())
"""What holds where nothing is written, as people would write it."""
