"""Makes Python import the worktree's code and not that of the checkout it was installed from, and checks that it does.

An editable installation leads to the checkout: by a `.pth` file, which `PYTHONPATH` comes before, or by an import hook, which
comes last of all (setuptools' and hatchling's editable installations, PEP 660). So the worktree's own roots go in front.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from app.domain.suite import Command
from app.proving.process import run_command

_SECONDS = 30.0
# What it prints: the folders of the checkout that Python looks for code in, and where it finds each of the packages.
_PROBE = """
import importlib.util, json, os, sys
asked = json.loads(sys.argv[1])
hooks = [getattr(sys.modules.get(getattr(f, '__module__', None) or type(f).__module__), 'MAPPING', None) for f in sys.meta_path]
roots = list(sys.path) + [os.path.dirname(place) for known in hooks if isinstance(known, dict) for place in known.values()]
found = {}
for name in asked:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        spec = None
    places = list(spec.submodule_search_locations or []) if spec else []
    found[name] = places or ([spec.origin] if spec and spec.origin else [])
print('\\n' + json.dumps({'roots': roots, 'found': found}))
"""


def roots(worktree: Path, changed: Iterable[str]) -> list[str]:
    """The folders that Python has to look in first, relative to the worktree: the root, `src`, and those of changed packages."""
    found = ["", *(["src"] if (worktree / "src").is_dir() else [])]
    found += [
        root
        for path in changed
        if path.endswith((".py", ".pyi")) and (package := _package(worktree, path))
        for root in package[:1]
    ]
    return list(dict.fromkeys(found))


def python_path(worktree: Path, checkout: Path | None, found: Iterable[str], environment: Mapping[str, str]) -> str:
    """`PYTHONPATH` with those folders first, then what it was, led into the worktree where it lay in the checkout."""
    own = [str(worktree / root) if root else str(worktree) for root in found]
    others = [_led(place, worktree, checkout) for place in environment.get("PYTHONPATH", "").split(":") if place]
    return ":".join(dict.fromkeys([*own, *others]))


def probe(
    python: str, worktree: Path, checkout: Path | None, changed: Iterable[str], environment: Mapping[str, str]
) -> tuple[list[str], bool]:
    """More folders that code of the checkout is imported from, as they are called in the worktree, and whether every changed
    package is found in the worktree. Where nothing can be found out, it is believed to be.
    """
    packages = dict(package for path in changed if path.endswith(".py") and (package := _package(worktree, path)))
    names = sorted(set(packages.values()))
    done = run_command(Command((python, "-c", _PROBE, json.dumps(names))), worktree, environment, _SECONDS)
    try:
        told = json.loads(done.output.strip().splitlines()[-1])
        roots = [str(root) for root in told["roots"]]
        found = {str(name): [str(place) for place in places] for name, places in told["found"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return [], True
    more = [relative for root in roots if checkout and (relative := _below(root, checkout)) and (worktree / relative).is_dir()]
    ours = all(any(_below(place, worktree) is not None for place in places) for places in found.values() if places)
    return list(dict.fromkeys(more)), ours


def _package(worktree: Path, path: str) -> tuple[str, str] | None:
    """The folder that the outermost package of a file lies in, and the package's name; None for a file in no package.

    `lib/shop/cart.py` -> (`lib`, `shop`), if `lib/shop/__init__.py` is there and `lib/__init__.py` is not.
    """
    folder, name = PurePosixPath(path).parent, ""
    while folder.name and (worktree / folder / "__init__.py").is_file():
        name, folder = folder.name, folder.parent
    return (str(folder) if folder.name else "", name) if name else None


def _below(place: str, folder: Path) -> str | None:
    try:
        return str(Path(place).resolve().relative_to(folder))
    except (ValueError, OSError):
        return None


def _led(place: str, worktree: Path, checkout: Path | None) -> str:
    relative = _below(place, checkout) if checkout else None
    return place if relative is None else str(worktree / relative)
