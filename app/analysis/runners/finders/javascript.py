"""JavaScript and TypeScript: Jest, Vitest, Mocha, Node's own runner or Playwright Test, and the package they are run in."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_IMPORTED = {
    "vitest": Framework.VITEST,
    "@jest/globals": Framework.JEST,
    "node:test": Framework.NODE_TEST,
    "test": Framework.NODE_TEST,
    "@playwright/test": Framework.PLAYWRIGHT,
    "mocha": Framework.MOCHA,
}
_GLOBALS = {
    Framework.JEST: re.compile(
        r"\bjest\.(?:fn|mock|spyOn|useFakeTimers|requireActual|doMock|resetModules|setTimeout|clearAllMocks)\("
    ),
    Framework.VITEST: re.compile(r"\bvi\.(?:fn|mock|spyOn|useFakeTimers|hoisted|importActual|stubGlobal|resetModules)\("),
}
_CONFIGURATION = (
    (Framework.VITEST, ("vitest.config.", "vitest.workspace.")),
    (Framework.JEST, ("jest.config.",)),
    (Framework.MOCHA, (".mocharc.", ".mocharc")),
    (Framework.PLAYWRIGHT, ("playwright.config.",)),
)
_PACKAGES = {
    Framework.VITEST: "vitest",
    Framework.JEST: "jest",
    Framework.MOCHA: "mocha",
    Framework.PLAYWRIGHT: "@playwright/test",
}
# Wrappers that run Jest under another name.
_JEST_WRAPPERS = ("react-scripts", "jest-cli", "ts-jest", "babel-jest", "@nrwl/jest", "@nx/jest", "tsdx", "kcd-scripts")
_SCRIPTS = (
    (Framework.VITEST, re.compile(r"\bvitest\b")),
    (Framework.JEST, re.compile(r"\b(?:jest|react-scripts test|tsdx test|kcd-scripts test)\b")),
    (Framework.MOCHA, re.compile(r"\b_?mocha\b")),
    (Framework.PLAYWRIGHT, re.compile(r"\bplaywright test\b")),
    (Framework.NODE_TEST, re.compile(r"\bnode\b[^&|;]*\s--test\b")),
)
# Options of those scripts without which the tests would not run as they do there.
_SHORT = {"-r": "--require", "-t": "--timeout", "-u": "--ui", "-C": "--config", "--opts": "--opts"}
_JEST_SHORT = {"-c": "--config", "-r": "--require"}
_VALUED = {
    Framework.MOCHA: ("--require", "--import", "--loader", "--ui", "--timeout", "--config", "--extension", "--file"),
    Framework.JEST: ("--config",),
    Framework.VITEST: ("--config",),
    Framework.PLAYWRIGHT: ("--config",),
    Framework.NODE_TEST: ("--import", "--require", "--loader", "--experimental-loader"),
}
_FLAGS = ("--exit", "--check-leaks", "--recursive")
_NODE_OPTIONS = re.compile(r"\bNODE_OPTIONS=(?:['\"]([^'\"]+)['\"]|(\S+))")
_NODE_FLAGS = re.compile(r"\bnode\s+((?:--[\w=-]+\s+)+)(?:\./)?node_modules/")
_MAX_SCRIPT = 2_000
_VERSION = re.compile(r"\d+(?:\.\d+){0,2}")
_TEST_DIR = re.compile(r"""\btestDir\s*:\s*['"`](?:\./)?([\w./-]+)""")


def find(path: str, files: Files) -> Suite | None:
    """What the file imports, else what its neighbours do, else the nearest configuration, scripts and dependencies."""
    own = (path,) if path in files.tree else ()
    around = files.neighbours(path)
    framework = _imported(own, files) or _in_playwright(path, files) or _imported(around, files) or _configured(path, files)
    if framework is None:
        return None
    folder = _package(path, files, framework)
    version = _version(path, files, framework)
    return Suite(framework, folder, _launcher(path, files, framework), version, _also(path, files, folder, framework))


def _imported(paths: tuple[str, ...], files: Files) -> Framework | None:
    """The framework that most of the files import or speak to by its global; a lone import in the file itself is enough."""
    votes: Counter[Framework] = Counter()
    for path in paths:
        named = {_IMPORTED[each.target] for each in files.imports(path) if each.target in _IMPORTED}
        text = files.text(path)
        votes.update(named or {framework for framework, mark in _GLOBALS.items() if mark.search(text)})
    return max(votes, key=lambda framework: votes[framework], default=None)


def _in_playwright(path: str, files: Files) -> Framework | None:
    """Playwright's where the path lies in the folder that its nearest configuration names."""
    for folder in above(path):
        for config in files.in_folder(folder, "playwright.config."):
            named = _TEST_DIR.search(files.text(config))
            tests = posixpath.normpath(join(folder, named[1])) if named else None
            if tests and path.startswith(f"{tests}/"):
                return Framework.PLAYWRIGHT
    return None


def _configured(path: str, files: Files) -> Framework | None:
    for folder in above(path):
        package = files.json(join(folder, "package.json"))
        found = [framework for framework, names in _CONFIGURATION if files.in_folder(folder, *names)]
        found += [framework for framework in (Framework.JEST, Framework.MOCHA) if _PACKAGES[framework] in package]
        found += [Framework.MOCHA] if join(folder, "test/mocha.opts") in files.tree else []
        found += list(_scripted(package)) + list(_depended(package))
        unit = [framework for framework in found if framework is not Framework.PLAYWRIGHT]
        if found:
            return (unit or found)[0]
    return None


def _scripted(package: dict[str, object]) -> Iterator[Framework]:
    scripts = package.get("scripts")
    for name, script in (
        sorted(scripts.items(), key=lambda each: (each[0] != "test", each[0])) if isinstance(scripts, dict) else ()
    ):
        if "test" in name and isinstance(script, str):
            yield from (framework for framework, mark in _SCRIPTS if mark.search(script))


def _depended(package: dict[str, object]) -> Iterator[Framework]:
    needed = _dependencies(package)
    yield from (framework for framework, name in _PACKAGES.items() if name in needed)
    if any(name in needed for name in _JEST_WRAPPERS):
        yield Framework.JEST


def _dependencies(package: dict[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in ("dependencies", "devDependencies"):
        section = package.get(key)
        found |= {name: str(wanted) for name, wanted in section.items()} if isinstance(section, dict) else {}
    return found


def _package(path: str, files: Files, framework: Framework) -> str:
    """The nearest folder with the framework's configuration, or that depends on it; else the nearest package."""
    names = next((names for each, names in _CONFIGURATION if each is framework), ())
    nearest = None
    for folder in above(path):
        manifest = join(folder, "package.json")
        if manifest not in files.tree:
            if names and files.in_folder(folder, *names):
                return folder
            continue
        nearest = folder if nearest is None else nearest
        package = files.json(manifest)
        needs = framework in {*_depended(package), *_scripted(package)} or _PACKAGES.get(framework, "") in package
        if needs or (names and files.in_folder(folder, *names)):
            return folder
    return nearest or ""


def _version(path: str, files: Files, framework: Framework) -> str:
    name = _PACKAGES.get(framework)
    for folder in above(path) if name else ():
        wanted = _dependencies(files.json(join(folder, "package.json"))).get(name or "", "")
        if found := _VERSION.search(wanted):
            return found[0]
    return ""


def _launcher(path: str, files: Files, framework: Framework) -> tuple[str, ...]:
    """Yarn's own where packages are plugged in without `node_modules`; `npx` never fetches what is not installed."""
    if framework is Framework.NODE_TEST:
        return ("node",)
    plugged = files.nearest(path, ".pnp.cjs", ".pnp.js")
    return ("yarn", "run") if plugged else ("npx", "--no-install")


def _scripts_options(package: dict[str, object], framework: Framework) -> tuple[str, ...]:
    """What the package's own script gives to the framework: `mocha -r ts-node/register --exit` -> `require=...`, `exit`."""
    scripts = package.get("scripts")
    mark = next((mark for each, mark in _SCRIPTS if each is framework), None)
    if not isinstance(scripts, dict) or mark is None:
        return ()
    for _, script in sorted(scripts.items(), key=lambda each: (each[0] != "test", each[0])):
        if isinstance(script, str) and len(script) < _MAX_SCRIPT and (found := mark.search(script)):
            return tuple(_options(script, found.start(), framework))
    return ()


def _options(script: str, at: int, framework: Framework) -> Iterator[str]:
    """The options of the one command of a script that stands at `at`, those before it that are for Node included."""
    start = max(script.rfind(sign, 0, at) for sign in ("&", "|", ";")) + 1
    if flags := _NODE_OPTIONS.search(script, start, at):
        yield f"node-options={flags[1] or flags[2]}"
    elif flags := _NODE_FLAGS.search(script, start, at):
        yield f"node-options={flags[1].strip()}"
    words = re.split(r"\s+", re.split(r"[&|;]", script[at:])[0])
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name) if framework is Framework.MOCHA else _JEST_SHORT.get(name, name)
        value = (value if equals else following).strip("'\"")
        if name in _VALUED.get(framework, ()) and value and not value.startswith("-"):
            yield f"{name.removeprefix('--')}={value}"
        elif name in _FLAGS and framework is Framework.MOCHA:
            yield name.removeprefix("--")


def _also(path: str, files: Files, folder: str, framework: Framework) -> tuple[str, ...]:
    package = files.json(join(folder, "package.json"))
    nearest = files.json(files.nearest(path, "package.json") or "")
    needed = _dependencies(package) | _dependencies(nearest)
    named = tuple(name for name in ("tsx", "ts-node", "chai", "supertest", "react-scripts", "karma") if name in needed)
    esm = ("esm",) if "module" in (nearest.get("type"), package.get("type")) else ()
    return (*named, *esm, *dict.fromkeys(_scripts_options(package, framework)))
