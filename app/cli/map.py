"""`recall map`: a test map from coverage data, and what a map says."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser
from app.domain.testmap import TestMap

if TYPE_CHECKING:
    from app.cli.server import ServedMaps

maps = typer.Typer(name="map", no_args_is_help=True, help="Test maps: which tests really ran which lines of a commit.")

_SHARD = re.compile(r"(\d{1,5})/(\d{1,5})")
_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?)?", re.DOTALL)

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES...", help="Coverage data and JUnit results, or folders of them; what a file is, its content tells."
    ),
]
Repo = Annotated[Path, typer.Option(metavar="PATH", help="The repository, bare or not; nothing in it is run or changed.")]
Commit = Annotated[
    str | None, typer.Option(metavar="SHA", help="The commit that the tests ran at. [default: in GitHub Actions, GITHUB_SHA]")
]
Suite = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The name of the suite; shards of one suite share it. [default: in Actions, the workflow and job]"
    ),
]
Under = Annotated[
    str, typer.Option(metavar="FOLDER", help="The repository's folder that the tests ran in, where paths could mean several.")
]
Classes = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="DIR", help="The compiled Java classes that the tests ran, which JaCoCo's .exec files need; repeatable."
    ),
]
PerTest = Annotated[
    bool,
    typer.Option("--per-test", help="Each file is the coverage of one test, called like the file (cart/total.spec.ts.json)."),
]
Map = Annotated[
    list[Path] | None,
    typer.Option("--map", metavar="FILE", help="A map file; repeatable, for the shards of one commit."),
]
ServerUrl = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help="A recall server instead; GH_TOKEN or GITHUB_TOKEN has to be able to read it."),
]
OfRepository = Annotated[
    str | None, typer.Option("--repository", metavar="OWNER/NAME", help="Whose, with --server. [default: GITHUB_REPOSITORY]")
]
Json = Annotated[bool, typer.Option("--json", help="Print it for machines.")]


@maps.command()
def build(
    files: Files,
    repo: Repo = Path(),
    commit: Commit = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the map.")] = Path("map.recall"),
    suite: Suite = None,
    shard: Annotated[str, typer.Option(metavar="I/N", help="Which part of the suite this is, of how many.")] = "1/1",
    branch: Annotated[
        str | None, typer.Option(metavar="NAME", help="The branch that was tested. [default: in Actions, GITHUB_REF_NAME]")
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The run of the tests. [default: in Actions, GITHUB_RUN_ID.GITHUB_RUN_ATTEMPT]"),
    ] = None,
    under: Under = "",
    classes: Classes = None,
    per_test: PerTest = False,
) -> None:
    """Build a test map of one commit from the coverage data that its tests left."""
    part, parts = _shard(shard)
    told = _actions()

    from app.cli import map_words
    from app.cli.progress import Progress
    from app.engine.build_map import build_map
    from app.engine.survey import Order

    order = Order(
        files,
        repo,
        _commit(commit, told, repo),
        suite or _suite(told),
        branch if branch is not None else told.get("GITHUB_HEAD_REF") or told.get("GITHUB_REF_NAME", ""),
        run if run is not None else ".".join(filter(None, (told.get("GITHUB_RUN_ID"), told.get("GITHUB_RUN_ATTEMPT")))),
        part,
        parts,
        under,
        tuple(classes or ()),
        per_test,
    )
    with Progress() as progress:
        built = build_map(order, out, progress)
    print(map_words.built(out, built))
    for note in map_words.notes(built.survey, built.strange, order.suite):
        typer.echo(f"recall: {note}", err=True)


@maps.command()
def check(
    files: Files,
    repo: Repo = Path(),
    commit: Commit = None,
    suite: Suite = None,
    under: Under = "",
    classes: Classes = None,
    per_test: PerTest = False,
) -> None:
    """Say where the measured files stand in the repository, and which do not, and why; a map is not written."""
    from app.cli import map_words
    from app.cli.progress import Progress
    from app.engine.build_map import check_map
    from app.engine.survey import Order

    told = _actions()
    order = Order(
        files,
        repo,
        _commit(commit, told, repo),
        suite or _suite(told),
        under=under,
        classes=tuple(classes or ()),
        per_test=per_test,
    )
    with Progress() as progress:
        checked = check_map(order, progress)
    for line in map_words.checked(checked.survey, checked.strange):
        print(line)
    if checked.wrong is not None:
        raise checked.wrong


@maps.command()
def show(
    map_files: Annotated[list[Path] | None, typer.Argument(metavar="[MAP...]", help="Map files.")] = None,
    server: ServerUrl = None,
    repository: OfRepository = None,
    json: Json = False,
) -> None:
    """Say what a map is: of which commit, branch, run and suite, with how many tests and files."""
    if bool(map_files) == bool(server):
        raise TellUser("Name map files, or a server with --server.")
    if server:
        maps = _served(server, repository)
        served = [maps.at(commit) for commit in maps.commits()]
        told = [(segment, len(each.paths)) for each in served for segment in each.segments]
    else:
        from app.engine.map_files import open_map_file

        opened = [open_map_file(path) for path in map_files or ()]
        told = [(each.segment, len(each.paths)) for each in opened]
    if json:
        from json import dumps

        from app.render.map_json import segment_json

        print(dumps([segment_json(segment, files) for segment, files in told], indent=2))
        return
    from app.cli import map_words

    for segment, files in told:
        for line in map_words.segment(segment, files):
            print(line)


@maps.command()
def query(
    place: Annotated[str, typer.Argument(metavar="PATH[:A-B]", help="A file of the repository, or some of its lines.")],
    map_files: Map = None,
    server: ServerUrl = None,
    repository: OfRepository = None,
    commit: Annotated[
        str | None, typer.Option(metavar="SHA", help="Of which commit, with --server. [default: the map that was made last]")
    ] = None,
    json: Json = False,
) -> None:
    """Say which tests ran these lines."""
    from app.analysis.testmap.ran import who_ran
    from app.domain.change import Span
    from app.domain.lines import MAX_LINE, line_set

    path, start, end = _place(place)
    if bool(map_files) == bool(server):
        raise TellUser("Name map files with --map, or a server with --server.")
    if server:
        maps = _served(server, repository)
        test_map: TestMap = maps.at(commit) if commit else maps.latest()
    else:
        test_map = _opened(map_files or [])
    covers = test_map.covers([path]).get(path, ())
    if not covers:
        raise TellUser(f"The map of {test_map.commit[:10]} knows no {path}: it was not measured, or is called otherwise.")
    if start is not None and not 1 <= start <= (end or start) <= MAX_LINE:
        raise TellUser(f"There are no lines {start}-{end or start}.")
    ran = who_ran(path, covers, None if start is None else line_set([Span(start, end or start)]))
    if json:
        from json import dumps

        from app.render.map_json import ran_json

        print(dumps(ran_json([test_map.commit], ran), indent=2))
        return
    from app.cli import map_words

    for line in map_words.ran(test_map.commit, ran):
        print(line)


def _opened(map_files: list[Path]) -> TestMap:
    from app.engine.map_files import open_maps

    found = open_maps(map_files)
    if len(found.commits()) != 1:
        raise TellUser("These maps are of several commits, where a line is not the same line: name maps of one commit.")
    return found.at(found.commits()[0])


def _served(server: str, repository: str | None) -> "ServedMaps":
    from app.cli.server import ServedMaps, Server

    name = repository or os.environ.get("GITHUB_REPOSITORY")
    if not name:
        raise TellUser("Name the repository with --repository OWNER/NAME.")
    token = os.environ.get("GH_TOKEN") or os.environ.get("GITHUB_TOKEN")
    if not token:
        raise TellUser("Set GH_TOKEN to a token of GitHub that can read the repository (`gh auth token` prints one).")
    return ServedMaps(Server(server), name, token)


def _place(place: str) -> tuple[str, int | None, int | None]:
    """`a/b.py:3-5` -> the path, 3 and 5."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise TellUser("Name a file of the repository: PATH, PATH:LINE or PATH:FROM-TO.")
    start, end = (int(number) if number else None for number in (found["start"], found["end"]))
    return found["path"], start, end


def _shard(text: str) -> tuple[int, int]:
    found = _SHARD.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise TellUser(f"--shard {text} is not a shard: write 2/8 for the second of eight.")
    return int(found[1]), int(found[2])


def _actions() -> Mapping[str, str]:
    """What GitHub Actions tells a step of the run, by the names of its variables; nothing elsewhere."""
    return os.environ if os.environ.get("GITHUB_ACTIONS") == "true" else {}


def _suite(told: Mapping[str, str]) -> str:
    """The workflow with the job: jobs of two workflows are often called alike, and one must not replace the other's maps."""
    from app.analysis.testmap.mapfile import MAX_LABEL
    from app.analysis.testmap.safe import plain

    return plain(" / ".join(filter(None, (told.get("GITHUB_WORKFLOW"), told.get("GITHUB_JOB")))), MAX_LABEL) or "tests"


def _commit(given: str | None, told: Mapping[str, str], repo: Path) -> str:
    """The commit that the tests ran at; what Actions tells is believed only where it is what is checked out."""
    if given:
        return given
    if not (sha := told.get("GITHUB_SHA")):
        raise TellUser("Name the commit that the tests ran at with --commit (HEAD, if nothing was changed since).")

    from app.git.repository import find_commit, open_repository

    head = find_commit(open_repository(repo), "HEAD")
    if head != sha:
        raise TellUser(
            f"GITHUB_SHA is {sha[:10]}, but {head[:10]} is checked out: name the commit that the tests ran at with --commit."
        )
    return sha
