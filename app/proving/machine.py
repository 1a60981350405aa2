"""What a proof ran on, for its receipt: the system and the versions of the programs that the tests' suite uses."""

import platform
import re

from app import __version__
from app.domain.suite import Command, Framework
from app.proving.asked import Plan
from app.proving.process import run_command
from app.proving.side import Ready

_SECONDS = 20.0
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]*")
_PYTHON = ("python", ("python", "--version"))
_NODE = ("node", ("node", "--version"))
_JAVA = ("java", ("java", "-version"))
_DOTNET = ("dotnet", ("dotnet", "--version"))
_RUBY = ("ruby", ("ruby", "--version"))
_PROGRAMS: dict[Framework, tuple[str, tuple[str, ...]]] = {
    Framework.PYTEST: _PYTHON,
    Framework.UNITTEST: _PYTHON,
    Framework.DJANGO: _PYTHON,
    Framework.JEST: _NODE,
    Framework.VITEST: _NODE,
    Framework.MOCHA: _NODE,
    Framework.NODE_TEST: _NODE,
    Framework.PLAYWRIGHT: _NODE,
    Framework.GO_TEST: ("go", ("go", "version")),
    Framework.JUNIT5: _JAVA,
    Framework.JUNIT4: _JAVA,
    Framework.RSPEC: _RUBY,
    Framework.MINITEST: _RUBY,
    Framework.PHPUNIT: ("php", ("php", "--version")),
    Framework.XUNIT: _DOTNET,
    Framework.NUNIT: _DOTNET,
    Framework.CARGO_TEST: ("cargo", ("cargo", "--version")),
}


def machine(plan: Plan, ready: Ready) -> tuple[tuple[str, str], ...]:
    """`os`, `recall`, and each program with its version, as far as it tells one."""
    found = {"os": f"{platform.system()} {platform.machine()}".strip(), "recall": __version__}
    for suite in plan.suites:
        if suite is not None:
            name, arguments = _PROGRAMS[suite.framework]
            done = run_command(Command(arguments), ready.folder, ready.environment, _SECONDS)
            version = _VERSION.search(done.said) if done.returncode == 0 else None
            if version:
                found[name] = version[0]
    return tuple(found.items())
