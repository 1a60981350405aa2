"""`recall digest`: which escapes are still uncaught and how that went, for people, machines and walls."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import TellUser

if TYPE_CHECKING:
    from app.domain.delivery import Repository
    from app.domain.digest import Digest
    from app.domain.job import Recall
    from app.settings import Places

Found = tuple["Repository", Sequence["Recall"]]


class Format(StrEnum):
    """How a digest is printed; `TEXT` is for terminals."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


def digest(
    repo: Annotated[
        str, typer.Option(metavar="OWNER/NAME|PATH", help="The repository; or a clone, whose branch recall-data is read.")
    ],
    since: Annotated[str, typer.Option(metavar="DATE", help="From when on things are new, as 2026-11-16; a week ago.")] = "",
    form: Annotated[
        Format, typer.Option("--format", help="text for the terminal, markdown as in the issue, json, or one html file.")
    ] = Format.TEXT,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")] = None,
) -> None:
    """Say which escapes have no proved guard yet, since when, and what comes next.

    What is remembered is read from the server's database (RECALL_DATABASE_URL or RECALL_DATA_DIR), else from the branch
    recall-data of the repository, with the token in GITHUB_TOKEN.
    """
    now = datetime.now(UTC)
    begins = _date(since) if since else now - timedelta(weeks=1)

    from app.analysis.digest import digest as counted
    from app.settings import load_places

    places = load_places()
    home, recalls = _remembered(repo, places)
    made = counted(recalls, repository=home, now=now, since=begins)
    if form is Format.TEXT and out is None:
        from app.cli.digest_words import show

        show(made)
        return
    text = _written(made, form, _web_url(places))
    if out is None:
        print(text)
        return
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise TellUser(f"The digest cannot be written to {out}: {error.strerror}.") from error


def _date(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise TellUser(f"{text} is not a date: write --since 2026-11-16.") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _written(made: "Digest", form: Format, web_url: str) -> str:
    from json import dumps

    from app.cli.digest_words import lines
    from app.render.digest import digest_html, digest_json, digest_markdown

    match form:
        case Format.MARKDOWN:
            return digest_markdown(made, web_url)
        case Format.JSON:
            return dumps(digest_json(made), indent=2)
        case Format.HTML:
            return digest_html(made, web_url)
        case Format.TEXT:
            return "\n".join(line.plain for line in lines(made))


def _remembered(repo: str, places: "Places") -> Found:
    """The repository and its recalls, from the first place that knows of any. Raises TellUser where none does."""
    from app.cli.preview import token_for
    from app.github.shapes import FULL_NAME

    if Path(repo).is_dir():
        return _of_clone(Path(repo))
    if not FULL_NAME.fullmatch(repo):
        raise TellUser(f"{repo} is neither OWNER/NAME nor the folder of a clone.")
    found = _of_database(repo, places)
    if found is not None:
        return found
    token = token_for(_web_url(places), os.environ)
    if not token:
        raise TellUser(
            f"Nothing is known of {repo} here. Name the server's database in RECALL_DATABASE_URL or RECALL_DATA_DIR,"
            " or set GITHUB_TOKEN to read the branch recall-data that recall's Action writes."
        )
    return _of_branch(repo, token, places)


def _web_url(places: "Places") -> str:
    """Where GitHub is: in a job of Actions where that runs, else as recall is set to."""
    return (os.environ.get("GITHUB_SERVER_URL") or places.github_web_url).rstrip("/")


def _of_clone(path: Path) -> Found:
    from app.domain.delivery import Repository
    from app.git.remembered import read_remembered

    recalls = read_remembered(path)
    if not recalls:
        raise TellUser(f"The branch recall-data in {path} remembers no escape.")
    return Repository(recalls[-1].repository_id, recalls[-1].repository), recalls


def _of_database(repo: str, places: "Places") -> Found | None:
    """What the server's database knows; None where there is no database, or none of that name in it."""
    from contextlib import closing

    from app.store.database import Database, answering
    from app.store.recalls import Recalls

    if places.database.startswith("sqlite:///") and not Path(places.database.removeprefix("sqlite:///")).is_file():
        return None
    with answering(), closing(Database(places.database, reading=True)) as database:
        kept = Recalls(database)
        home = kept.repository(repo)
        return (home, kept.history(home.id)) if home else None


def _of_branch(repo: str, token: str, places: "Places") -> Found:
    from contextlib import closing

    from app.github.auth import Given, Host
    from app.github.ledger import Ledger
    from app.github.reader import find_repository

    host = Host(os.environ.get("GITHUB_API_URL") or places.github_api_url, _web_url(places))
    home = find_repository(host, token, repo)
    with closing(Ledger(host, Given(token), home)) as ledger:
        if not ledger.exists:
            raise TellUser(f"{home.full_name} has no branch recall-data: neither a server nor an Action remembers escapes there.")
        return home, ledger.history(home.id)
