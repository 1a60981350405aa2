"""`recall init`: the workflow files and a commented `.github/recall.yml` for a checkout, by what its own files tell."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser

if TYPE_CHECKING:
    from app.analysis.outfit import Outfit

_ACTION = re.compile(r"(?P<name>[\w-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40})", re.ASCII)
_SERVER = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w./-]*)?", re.ASCII)
_CONFIGURATION = ".github/recall.yml"


def init(
    repo: Annotated[Path, typer.Option(metavar="PATH", help="The checkout; nothing in it is run.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Write the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print the files as a patch for `git apply`.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there and differ.")] = False,
    action: Annotated[
        str, typer.Option(metavar="OWNER/NAME@COMMIT", help="The recall that the workflows use, at a whole commit id.")
    ] = "",
    server: Annotated[
        str, typer.Option(metavar="URL", help="A recall server: then only the workflows that run your tests are written.")
    ] = "",
) -> None:
    """Write the workflows and a commented .github/recall.yml, looking at what the repository uses."""
    if write and diff:
        raise TellUser("--write and --diff exclude each other: choose one.")
    if action and not _ACTION.fullmatch(action):
        raise TellUser(f"{action[:100]} is no action at a commit: give OWNER/NAME@ and all 40 signs of the commit's id.")
    if server and not _SERVER.fullmatch(server):
        raise TellUser(f"{server[:100]} is no address of a server: give one such as https://recall.acme.org.")
    from app.engine.outfit import read_outfit
    from app.git.repository import open_repository
    from app.git.worktrees import top_of

    open_repository(repo)
    top = top_of(repo)
    if top is None:
        raise TellUser(f"{repo} has no work tree to write into: use a clone that is not bare.")
    outfit, branch = read_outfit(repo)
    labels = _labels(top)
    texts = dict(_files(outfit, labels, branch, action, server))
    states = [_state(top, path, text) for path, text in texts.items()]
    if diff:
        print("".join(_patches(states, force=force)), end="")
        return
    if write:
        for state in states:
            if state.is_written(force):
                _put(top, state)
    _show(outfit, labels, states, wrote=write, force=force, pinned=bool(action))


@dataclass(frozen=True, slots=True)
class _State:
    """One file as it is to be, and as it is: None where there is none."""

    path: str
    text: str
    now: str | None

    def is_written(self, force: bool) -> bool:
        """Whether there is anything to write, and leave to do it."""
        return self.now != self.text and (self.now is None or force)


def ready_folder() -> Path:
    """Where the ready workflows are: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    places = (package / "ready", package.parent / "docs" / "workflows")
    return next(place for place in places if place.is_dir())


def _labels(top: Path) -> tuple[str, ...]:
    """The labels that the checkout's configuration names already; () where it names none, or cannot be read."""
    from app.analysis.settings.reader import read

    return read(_state(top, _CONFIGURATION, "").now).configuration.labels


def _files(outfit: "Outfit", labels: tuple[str, ...], branch: str, action: str, server: str) -> Iterator[tuple[str, str]]:
    from app.analysis.ready import filled, fits
    from app.analysis.settings.commented import commented

    for file in sorted(ready_folder().glob("*.yml")):
        if fits(file.name, outfit, server=bool(server)):
            ready = file.read_text(encoding="utf-8")
            text = filled(file.name, ready, outfit, branch=branch, action=action, server=server, labels=labels)
            yield f".github/workflows/{file.name}", text
    values = {"labels": list(labels), "tests.integration": list(outfit.integration), "tests.e2e": list(outfit.end_to_end)}
    found = _ACTION.fullmatch(action)
    schema = f"https://raw.githubusercontent.com/{found['name']}/{found['commit']}/docs/recall.schema.json" if found else ""
    yield _CONFIGURATION, commented({key: globs for key, globs in values.items() if globs}, schema=schema)


def _state(top: Path, path: str, text: str) -> _State:
    """Raises TellUser where the path leads elsewhere by a link."""
    file = top / path
    if file.is_symlink() or not file.resolve().is_relative_to(top.resolve()):
        raise TellUser(f"{path} is a link: nothing was written.")
    return _State(path, text, file.read_bytes().decode(errors="surrogateescape") if file.is_file() else None)


def _put(top: Path, state: _State) -> None:
    try:
        (top / state.path).parent.mkdir(parents=True, exist_ok=True)
        (top / state.path).write_bytes(state.text.encode())
    except OSError as error:
        raise TellUser(f"{state.path} cannot be written: {error.strerror}.") from error


def _patches(states: list[_State], *, force: bool) -> Iterator[str]:
    from app.analysis.patch import patch

    yield from (patch(state.path, state.now, state.text) for state in states if state.is_written(force))


def _show(outfit: "Outfit", labels: tuple[str, ...], states: list[_State], *, wrote: bool, force: bool, pinned: bool) -> None:
    from app.render.words import plain

    say = plain().say
    names = [framework.value for framework in outfit.frameworks]
    print(say("init", "found" if outfit.tests else "found-none", tests=outfit.tests, frameworks=names or ["no framework"]))
    for state in states:
        told = (
            "same" if state.now == state.text else "kept" if not state.is_written(force) else "wrote" if wrote else "would-write"
        )
        print(f"- {say('init', told, path=state.path)}")
    left = [say("init", slug, first=(names or [""])[0], others=names[1:]) for slug in outfit.unknown]
    others = [path for path in outfit.workflows if path not in {state.path for state in states}]
    left += [say("init", "runs-already", paths=others)] if others else []
    left += [] if pinned else [say("init", "no-action")]
    left.append(say("init", "next-label", label=(labels or ("escaped-bug",))[0]) if wrote else say("init", "next-write"))
    for sentence in left:
        print(sentence, file=sys.stderr)
