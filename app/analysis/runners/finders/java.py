"""Java and Kotlin: JUnit 5 or 4, run by Maven or Gradle, from the folder of the whole build."""

import posixpath
import re
from collections import Counter

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_JUPITER = re.compile(r"\borg\.junit\.jupiter\b")
_JUNIT4 = re.compile(r"\borg\.junit\.(?!jupiter|platform|jupiter\.)[\w*]|\bjunit\.framework\b")
_TESTNG = re.compile(r"\borg\.testng\b")
_LIBRARIES = {
    "spring": re.compile(r"\borg\.springframework\.(?:boot\.)?test\b"),
    "mockito": re.compile(r"\borg\.mockito\b"),
    "assertj": re.compile(r"\borg\.assertj\b"),
    "hamcrest": re.compile(r"\borg\.hamcrest\b"),
    "truth": re.compile(r"\bcom\.google\.common\.truth\b"),
    "junit3": re.compile(r"\bjunit\.framework\b"),
}
_GRADLE = ("build.gradle", "build.gradle.kts")
_SETTINGS = ("settings.gradle", "settings.gradle.kts")
_IN_BUILD = (
    (Framework.JUNIT5, re.compile(r"junit-jupiter|org\.junit\.jupiter|useJUnitPlatform|junit-bom|\bkotlin\(\"test-junit5\"")),
    (Framework.JUNIT4, re.compile(r"junit:junit|<groupId>junit</groupId>|['\"]junit['\"]|\bjunit4\b")),
)
_VERSION = re.compile(
    r"(?:\bjunit:junit:|\bjunit-jupiter[\w-]*:|\bjunit-bom:|<artifactId>junit(?:-jupiter[\w-]*|-bom)?</artifactId>\s*<version>)"
    r"(\d+\.\d+(?:\.\d+)?)"
)


def find(path: str, files: Files) -> Suite | None:
    """What the file imports, else most of its neighbours, else what the nearest build depends on; TestNG is not known here."""
    near = files.neighbours(path)
    own = near[:1] if path in files.tree else ()
    builds = _builds(path, files)
    framework = _imported(own, files) or _imported(near, files) or (None if own else _in_build(builds, files))
    if framework is None:
        return None
    folder, launcher = _tool(path, files)
    version = next((found[1] for build in builds if (found := _VERSION.search(files.text(build)))), "")
    return Suite(framework, folder, launcher, version, _also(near, files))


def _imported(paths: tuple[str, ...], files: Files) -> Framework | None:
    votes: Counter[Framework] = Counter()
    for path in paths:
        text = files.text(path)
        if _JUPITER.search(text):
            votes[Framework.JUNIT5] += 1
        elif _JUNIT4.search(text) and not _TESTNG.search(text):
            votes[Framework.JUNIT4] += 1
    return max(votes, key=lambda framework: votes[framework], default=None)


def _builds(path: str, files: Files) -> list[str]:
    return [
        found
        for folder in above(path)
        for name in ("pom.xml", *_GRADLE, "build.xml")
        if (found := join(folder, name)) in files.tree
    ]


def _in_build(builds: list[str], files: Files) -> Framework | None:
    return next((framework for build in builds for framework, mark in _IN_BUILD if mark.search(files.text(build))), None)


def _tool(path: str, files: Files) -> tuple[str, tuple[str, ...]]:
    """The folder of the outermost build that takes in the path's module, and what starts it: its wrapper where there is one."""
    nearest = next((folder for folder in above(path) if join(folder, "pom.xml") in files.tree), None)
    gradle = next((folder for folder in above(path) for name in _GRADLE if join(folder, name) in files.tree), None)
    if nearest is None and gradle is None:
        return "", ()
    if nearest is not None and (gradle is None or len(nearest) >= len(gradle)):
        folder = _reactor(nearest, files)
        return folder, ("./mvnw",) if join(folder, "mvnw") in files.tree else ("mvn",)
    settings = next((each for each in above(path) if any(join(each, name) in files.tree for name in _SETTINGS)), gradle or "")
    return settings, ("./gradlew",) if join(settings, "gradlew") in files.tree else ("gradle",)


def _reactor(module: str, files: Files) -> str:
    """The topmost of the unbroken line of Maven modules above this one."""
    while module:
        up = posixpath.dirname(module)
        pom = files.text(join(up, "pom.xml"))
        if "<module>" not in pom:
            break
        module = up
    return module


def _also(near: tuple[str, ...], files: Files) -> tuple[str, ...]:
    texts = [files.text(path) for path in near]
    return tuple(slug for slug, mark in _LIBRARIES.items() if any(mark.search(text) for text in texts))
