"""How a repository runs its tests in CI, told from its files: the frameworks, what installs them, what measures coverage.

For the workflows that `recall init` writes; what cannot be told is said by a slug of `templates/words/init.j2`, never guessed.
"""

import posixpath
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from app.analysis.languages import is_test
from app.analysis.runners.detect import find_suite
from app.analysis.runners.files import Files
from app.domain.suite import Framework

_MOST_TESTS = 120
_MOST_FOLDERS = 5
_INTEGRATION = re.compile(r"(?:^|[-_])(?:integration|functional|it)(?:$|[-_])|integrationtests?$", re.IGNORECASE)
_END_TO_END = re.compile(r"(?:^|[-_])(?:e2e|end[-_]?to[-_]?end|acceptance|cypress|playwright|system)(?:$|[-_])", re.IGNORECASE)
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_RUNS_TESTS = re.compile(
    r"\b(?:pytest|unittest|tox|nox|jest|vitest|mocha|rspec|rake|phpunit|mvnw?|gradlew?)\b"
    r"|\b(?:npm|pnpm|yarn|go|cargo|dotnet|make|composer|bun)(?: run)? test\b"
)
_VERSION = re.compile(r"[0-9][0-9.]*")
_EXTRA = re.compile(r"(?:test|tests|testing|dev|develop)", re.IGNORECASE)

_SETUP_PYTHON = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"
_SETUP_NODE = "actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0"
_SETUP_GO = "actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5 # v5.5.0"
_SETUP_JAVA = "actions/setup-java@c5195efecf7bdfc987ee8bae7a71cb8b11521c00 # v4.7.1"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job: a command, or an action at a commit with its inputs."""

    run: str = ""
    uses: str = ""
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What measures coverage: the steps, and the files and folders that a map is built from."""

    steps: tuple[Step, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a repository's files tell. `frameworks` by how many of the tests looked at belong to them; `install` brings what they
    need, `measure` is None where coverage cannot be told. `integration` and `end_to_end` are globs of folders, `workflows` those
    that run tests already, `unknown` what could not be told.
    """

    frameworks: tuple[Framework, ...] = ()
    tests: int = 0
    install: tuple[Step, ...] = ()
    measure: Measure | None = None
    integration: tuple[str, ...] = ()
    end_to_end: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())


def outfit(tree: Collection[str], read: Callable[[str], str | None]) -> Outfit:
    """What the files of one commit tell; `read` gives a file's text."""
    files = Files(tree, read)
    tests = sorted(path for path in tree if is_test(path))
    step = max(1, len(tests) // _MOST_TESTS)
    suites = (find_suite(path, tree, read) for path in tests[::step])
    frameworks = tuple(name for name, _ in Counter(suite.framework for suite in suites if suite).most_common())
    kit = next((found for framework in frameworks if (found := _kit(framework, files))), None)
    measure = kit.measure if kit else None
    return Outfit(
        frameworks=frameworks,
        tests=len(tests),
        install=kit.install if kit else (),
        measure=measure,
        integration=tuple(_folders(tests, _INTEGRATION)),
        end_to_end=tuple(_folders(tests, _END_TO_END)),
        workflows=tuple(sorted(path for path in tree if _WORKFLOW.fullmatch(path) and _RUNS_TESTS.search(files.text(path)))),
        unknown=tuple(_unknown(tests, frameworks, kit, measure)),
    )


@dataclass(frozen=True, slots=True)
class _Kit:
    install: tuple[Step, ...]
    measure: Measure | None = None


def _kit(framework: Framework, files: Files) -> _Kit | None:
    make = _KITS.get(framework)
    return make(files) if make else None


def _unknown(tests: list[str], frameworks: tuple[Framework, ...], kit: _Kit | None, measure: Measure | None) -> Iterator[str]:
    if not tests:
        yield "no-tests"
    elif not frameworks:
        yield "no-framework"
    elif kit is None or not kit.install:
        yield "no-install"
    if frameworks and measure is None:
        yield "no-coverage"
    if len(frameworks) > 1:
        yield "more-frameworks"


def _folders(tests: list[str], kind: re.Pattern[str]) -> Iterator[str]:
    """The outermost folders of that kind, as globs."""
    found: dict[str, None] = {}
    for path in tests:
        parts = posixpath.dirname(path).split("/")
        depth = next((number for number, part in enumerate(parts) if kind.search(part)), None)
        if depth is not None:
            found["/".join(parts[: depth + 1]) + "/**"] = None
    yield from list(found)[:_MOST_FOLDERS]


def _python(files: Files, *, pytest: bool) -> _Kit:
    version = (
        (("python-version-file", ".python-version"),) if ".python-version" in files.tree else (("python-version", '"3.13"'),)
    )
    install: list[Step] = [Step(uses=_SETUP_PYTHON, given=version)]
    prefix, plugin = "python -m ", "python -m pip install pytest-cov"
    if "uv.lock" in files.tree:
        install += [Step("python -m pip install uv"), Step("uv sync")]
        prefix, plugin = "uv run python -m ", "uv pip install pytest-cov"
    elif "poetry.lock" in files.tree:
        install += [
            Step("python -m pip install poetry"),
            Step("poetry config virtualenvs.in-project true"),
            Step("poetry install"),
        ]
        prefix, plugin = "poetry run python -m ", "poetry run python -m pip install pytest-cov"
    elif asked := _pip(files):
        install.append(Step(f"python -m pip install {asked}"))
    else:
        return _Kit(())
    if not pytest:
        return _Kit(tuple(install))
    run = f"{prefix}pytest --cov --cov-context=test --cov-report= --junitxml=junit.xml"
    return _Kit(tuple(install), Measure((Step(plugin), Step(run)), (".coverage", "junit.xml")))


def _pip(files: Files) -> str:
    """What `pip install` is asked for: the requirements for development and the project itself with its extra for tests."""
    listed = sorted(
        path for path in files.tree if re.fullmatch(r"(?:requirements/)?[\w-]*(?:requirements|test|tests|dev)[\w-]*\.txt", path)
    )
    asked = [f"-r {path}" for path in listed if "require" in path and re.search(r"requirements\.txt|test|dev", path)]
    if "pyproject.toml" in files.tree:
        try:
            told = tomllib.loads(files.text("pyproject.toml"))
        except tomllib.TOMLDecodeError:
            told = {}
        groups, project = told.get("dependency-groups"), told.get("project")
        extras = project.get("optional-dependencies") if isinstance(project, dict) else None
        extra = next((name for name in extras if _EXTRA.fullmatch(name)), "") if isinstance(extras, dict) else ""
        asked += [f"--group {name}" for name in groups if _EXTRA.fullmatch(name)][:1] if isinstance(groups, dict) else []
        asked += [f'-e ".[{extra}]"' if extra else "-e ."] if isinstance(project, dict) or "build-system" in told else []
    elif "setup.py" in files.tree or "setup.cfg" in files.tree:
        asked.append("-e .")
    return " ".join(asked)


def _node(files: Files, runner: str) -> _Kit:
    if "package.json" not in files.tree:
        return _Kit(())
    pinned = next((name for name in (".nvmrc", ".node-version") if name in files.tree), None)
    version = (("node-version-file", pinned),) if pinned else (("node-version", '"22"'),)
    install = [Step(uses=_SETUP_NODE, given=version)]
    if "pnpm-lock.yaml" in files.tree:
        install += [Step("corepack enable"), Step("pnpm install --frozen-lockfile")]
    elif "yarn.lock" in files.tree:
        install += [Step("corepack enable"), Step("yarn install --frozen-lockfile")]
    else:
        install.append(Step("npm ci" if "package-lock.json" in files.tree else "npm install"))
    return _Kit(tuple(install), _node_measure(files, runner))


def _node_measure(files: Files, runner: str) -> Measure | None:
    package = files.json("package.json")
    named = {name for key in ("devDependencies", "dependencies") if isinstance(found := package.get(key), dict) for name in found}
    output = "coverage/coverage-final.json"
    if runner == "jest":
        return Measure((Step("npx jest --coverage --coverageReporters=json"),), (output,))
    if runner == "vitest" and "@vitest/coverage-istanbul" in named:
        report = "--coverage.reporter=json --coverage.reportOnFailure --reporter=default --reporter=junit --outputFile=junit.xml"
        return Measure((Step(f"npx vitest run --coverage --coverage.provider=istanbul {report}"),), (output, "junit.xml"))
    tool = next((name for name in ("c8", "nyc") if name in named), None)
    return Measure((Step(f"npx {tool} --reporter=json mocha"),), (output,)) if tool and runner == "mocha" else None


def _go(files: Files) -> _Kit:
    if "go.mod" not in files.tree:
        return _Kit(())
    install = (Step(uses=_SETUP_GO, given=(("go-version-file", "go.mod"),)), Step("go mod download"))
    return _Kit(install, Measure((Step("go test -coverpkg=./... -coverprofile=cover.out ./..."),), ("cover.out",)))


def _java(files: Files) -> _Kit:
    said = files.text(".java-version").strip()
    version = said if _VERSION.fullmatch(said) else "21"
    setup = Step(uses=_SETUP_JAVA, given=(("distribution", "temurin"), ("java-version", f'"{version}"')))
    if "pom.xml" in files.tree:
        command = "./mvnw" if "mvnw" in files.tree else "mvn"
        measure = Measure(
            (Step(f"{command} --batch-mode test jacoco:report"),), ("target/site/jacoco/jacoco.xml", "target/surefire-reports")
        )
        jacoco = "jacoco-maven-plugin" in files.text("pom.xml")
        return _Kit((setup, Step(f"{command} --batch-mode --quiet test-compile")), measure if jacoco else None)
    if "gradlew" in files.tree:
        return _Kit((setup, Step("./gradlew testClasses")))
    return _Kit(())


def _where(manifest: str, command: str) -> Callable[[Files], _Kit]:
    """A tool that the runner's image brings along, told by its file at the root."""
    return lambda files: _Kit((Step(command),) if any(re.fullmatch(manifest, path) for path in files.tree) else ())


_BUNDLE = _where(r"Gemfile", "bundle install")
_DOTNET = _where(r"[^/]+\.sln|[^/]+\.csproj", "dotnet restore")

_KITS: dict[Framework, Callable[[Files], _Kit]] = {
    Framework.PYTEST: lambda files: _python(files, pytest=True),
    Framework.UNITTEST: lambda files: _python(files, pytest=False),
    Framework.DJANGO: lambda files: _python(files, pytest=False),
    Framework.JEST: lambda files: _node(files, "jest"),
    Framework.VITEST: lambda files: _node(files, "vitest"),
    Framework.MOCHA: lambda files: _node(files, "mocha"),
    Framework.NODE_TEST: lambda files: _node(files, "node"),
    Framework.PLAYWRIGHT: lambda files: _node(files, "playwright"),
    Framework.GO_TEST: _go,
    Framework.JUNIT4: _java,
    Framework.JUNIT5: _java,
    Framework.RSPEC: _BUNDLE,
    Framework.MINITEST: _BUNDLE,
    Framework.PHPUNIT: _where(r"composer\.json", "composer install --no-interaction --no-progress"),
    Framework.XUNIT: _DOTNET,
    Framework.NUNIT: _DOTNET,
    Framework.CARGO_TEST: _where(r"Cargo\.toml", "cargo fetch"),
}
