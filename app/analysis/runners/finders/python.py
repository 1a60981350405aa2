"""Python: pytest, unittest or Django's runner, and the folder of the project they are run in."""

import posixpath
import re
from collections.abc import Iterator
from itertools import takewhile

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_PROJECT = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini", "manage.py", "requirements.txt", "Pipfile")
_TEST_FOLDERS = ("test", "tests", "testing")
# Where a file of settings says that pytest is what runs here.
_CONFIGURED = {
    "pytest.ini": re.compile(r"^\[pytest\]", re.MULTILINE),
    ".pytest.ini": re.compile(r"^\[pytest\]", re.MULTILINE),
    "pyproject.toml": re.compile(r"^\[tool\.pytest\b", re.MULTILINE),
    "setup.cfg": re.compile(r"^\[(?:tool:)?pytest\]", re.MULTILINE),
    "tox.ini": re.compile(r"^\[pytest\]", re.MULTILINE),
}
_MENTIONS = re.compile(r"\b(?:pytest|py\.test)\b")
_MENTIONING = (
    *("tox.ini", "noxfile.py", "Makefile", "makefile", "setup.py", "setup.cfg", "pyproject.toml", "Pipfile"),
    *("runtests.py", "test.sh", "runtests.sh", ".travis.yml", "appveyor.yml", ".appveyor.yml", "CONTRIBUTING.md"),
    *("CONTRIBUTING.rst", "README.md", "README.rst", "azure-pipelines.yml", ".circleci/config.yml"),
)
_CASE = re.compile(r"^class \w+\([^)\n]*(?:TestCase|unittest)\b", re.MULTILINE)
_PLAIN = re.compile(r"^(?:async )?def test", re.MULTILINE)
_PYTEST = re.compile(r"^\s*(?:import pytest\b|from (?:_?pytest|py\.test)\b)", re.MULTILINE)
_UNITTEST = re.compile(r"^\s*(?:import unittest2?\b|from unittest2?\b|from \S+ import .*\bunittest\b)", re.MULTILINE)
_RELATIVE = re.compile(r"^from \.", re.MULTILINE)
_DJANGO = re.compile(
    r"^\s*(?:from (?:django|rest_framework)\.test\b|import django\.test\b|from django import test\b)", re.MULTILINE
)
_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE|pytest-django|pytest_django|--ds=")
_PLUGINS = {
    "pytest-asyncio": re.compile(r"pytest\.mark\.asyncio|pytest_asyncio|asyncio_mode"),
    "anyio": re.compile(r"pytest\.mark\.anyio"),
    "trio": re.compile(r"pytest\.mark\.trio|pytest_trio"),
}


def find(path: str, files: Files) -> Suite | None:
    """Django's runner where the neighbours use Django and pytest is nowhere set up; pytest wherever anything says so.

    Pytest runs what is written for unittest too: `also` holds `unittest` where the file, or else most of its neighbours, is.
    """
    texts = [files.text(near) for near in files.neighbours(path)]
    own = texts[:1] if path in files.tree else texts
    pytest = _configured(path, files)
    if any(_DJANGO.search(text) for text in own) and (suite := _django(path, files, own)):
        return suite
    cases = sum(bool(_CASE.search(text)) and not _PLAIN.search(text) for text in own) * 2 > len(own)
    uses = any(_PYTEST.search(text) or _PLAIN.search(text) for text in own)
    if pytest or uses or _mentioned(path, files):
        also = ("unittest",) if cases else ()
        return Suite(Framework.PYTEST, _project(path, files), ("python",), also=(*also, *_also(files, path, texts)))
    if any(_CASE.search(text) or _UNITTEST.search(text) for text in (*own, *texts)):
        package = ("package",) if any(_RELATIVE.search(text) for text in own) else _top(path, files)
        return Suite(Framework.UNITTEST, _project(path, files), ("python",), also=package)
    return None


def _top(path: str, files: Files) -> tuple[str, ...]:
    """`top=test` for `test/contrib/gcs_test.py`: packages of tests import helpers from the folder that they lie in."""
    folder = posixpath.dirname(path)
    within = list(takewhile(lambda each: posixpath.basename(each) not in _TEST_FOLDERS and each, above(path)))
    top = posixpath.dirname(within[-1]) if within else folder
    packages = all(join(each, "__init__.py") in files.tree for each in within)
    return (f"top={top}",) if within and packages and posixpath.basename(top) in _TEST_FOLDERS else ()


def _django(path: str, files: Files, own: list[str]) -> Suite | None:
    """Pytest with its plugin for Django where that is set up, else `runtests.py` (Django's own) or `manage.py`."""
    if _sets_up_django(path, files):
        cases = any(_CASE.search(text) for text in own)
        also = ("unittest", "django", "pytest-django") if cases else ("django", "pytest-django")
        return Suite(Framework.PYTEST, _project(path, files), ("python",), also=also)
    for program in ("runtests.py", "manage.py"):
        if found := files.nearest(path, program):
            return Suite(Framework.DJANGO, posixpath.dirname(found), ("python", program), also=("django",))
    beside = [found for found in files.tree if posixpath.basename(found) == "manage.py"]
    if len(beside) == 1:
        return Suite(Framework.DJANGO, posixpath.dirname(beside[0]), ("python", "manage.py"), also=("django",))
    return None


def _configured(path: str, files: Files) -> bool:
    """Whether a file of settings, or a `conftest.py`, above the path is for pytest."""
    if files.nearest(path, "conftest.py"):
        return True
    return any(_CONFIGURED[name].search(files.text(join(folder, name))) for folder in above(path) for name in _CONFIGURED)


def _mentioned(path: str, files: Files) -> bool:
    """Whether what the project depends on, or how it is tested in CI, names pytest."""
    return any(_MENTIONS.search(files.text(each)) for each in _telling(path, files))


def _sets_up_django(path: str, files: Files) -> bool:
    written = (*_CONFIGURED, "conftest.py")
    return any(_SETTINGS.search(files.text(join(folder, name))) for folder in above(path) for name in written)


def _telling(path: str, files: Files) -> Iterator[str]:
    for folder in above(path):
        yield from (join(folder, name) for name in _MENTIONING)
        yield from (each for each in files.in_folder(folder, "requirements", "test-requirements", "dev-requirements"))
    yield from files.with_ending("requirements", ".txt", ".in", ".pip")
    yield from files.with_ending(".github/workflows", ".yml", ".yaml")


def _project(path: str, files: Files) -> str:
    """The nearest folder that looks like a project's; settings that lie among the tests are still run from above them."""
    for folder in above(path):
        is_tests = posixpath.basename(folder) in _TEST_FOLDERS
        if not is_tests and any(join(folder, name) in files.tree for name in _PROJECT):
            return folder
    return ""


def _also(files: Files, path: str, texts: list[str]) -> tuple[str, ...]:
    settings = [files.text(join(folder, name)) for folder in above(path) for name in _CONFIGURED]
    return tuple(slug for slug, mark in _PLUGINS.items() if any(mark.search(text) for text in (*texts, *settings)))
