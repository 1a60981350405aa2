"""PHP: PHPUnit, installed by Composer, brought by Symfony's bridge, or the machine's own."""

import posixpath
import re

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_CASE = re.compile(r"\bPHPUnit\\Framework\\|\bPHPUnit_Framework_TestCase\b|\bextends \\?\w*(?:TestCase|Test)\b")
_CONFIGURATION = ("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml")
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def find(path: str, files: Files) -> Suite | None:
    """PHPUnit where a test's class, the configuration or `composer.json` says so; Pest's and Codeception's are not known."""
    folder = _project(path, files)
    composer = files.json(join(folder, "composer.json"))
    needed = {name: str(wanted) for key in ("require", "require-dev") for name, wanted in _section(composer, key).items()}
    texts = [files.text(near) for near in files.neighbours(path)]
    configured = any(join(folder, name) in files.tree for name in _CONFIGURATION)
    if path.endswith(".phpt") or not (configured or "phpunit/phpunit" in needed or any(_CASE.search(text) for text in texts)):
        return None
    version = _VERSION.search(needed.get("phpunit/phpunit", ""))
    return Suite(Framework.PHPUNIT, folder, _launcher(folder, files, needed), version[0] if version else "")


def _section(composer: dict[str, object], key: str) -> dict[str, object]:
    found = composer.get(key)
    return found if isinstance(found, dict) else {}


def _launcher(folder: str, files: Files, needed: dict[str, str]) -> tuple[str, ...]:
    if join(folder, "bin/phpunit") in files.tree:
        return ("bin/phpunit",)
    if "phpunit/phpunit" in needed:
        return ("vendor/bin/phpunit",)
    return ("vendor/bin/simple-phpunit",) if "symfony/phpunit-bridge" in needed else ("phpunit",)


def _project(path: str, files: Files) -> str:
    """The nearest folder with PHPUnit's configuration, else with `composer.json`."""
    for names in (_CONFIGURATION, ("composer.json",)):
        for folder in above(path):
            is_tests = posixpath.basename(folder).lower() in {"test", "tests"}
            if not is_tests and any(join(folder, name) in files.tree for name in names):
                return folder
    return ""
