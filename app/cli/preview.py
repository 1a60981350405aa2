"""`recall preview`: what recall would write about an issue, printed instead."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.bootstrap.preview import Address, Previewed
    from app.domain.deed import Deed

_SERVER = "GITHUB_SERVER_URL"


def preview(
    issue: Annotated[str, typer.Argument(metavar="ISSUE_URL", help="The issue, as https://github.com/OWNER/NAME/issues/N.")],
    label: Annotated[str, typer.Option(metavar="NAME", help="The label that is taken to be set.")] = "escaped-bug",
    maps: Annotated[
        list[Path] | None,
        typer.Option("--map", metavar="FILE", help="A test map (`recall map build`); repeatable, for shards or several commits."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Print the comment, the draft and the checks that the label on an issue would lead to; nothing is written.

    The token in GH_TOKEN or GITHUB_TOKEN is used to read (for an Enterprise Server GH_ENTERPRISE_TOKEN); what is public can be
    read without one.
    """
    from app.bootstrap.preview import preview as rehearse
    from app.bootstrap.preview import read_address
    from app.cli.explain import cache_folder
    from app.engine.map_files import open_maps

    address = read_address(issue)
    secret = token_for(address.web_url, os.environ)
    handed = open_maps(maps) if maps else None
    found = rehearse(address, secret, cache_folder() / "preview", label=label, maps=handed)
    if json:
        print(_as_json(found))
    else:
        _show(found, address, label, told=bool(secret))


def token_for(web_url: str, environment: "os._Environ[str] | dict[str, str]") -> str:
    """The token of the environment that was made for that host, "" where there is none. No other host ever gets it.

    Source: cli.github.com/manual/gh_help_environment; GITHUB_SERVER_URL names the host of an Action's GITHUB_TOKEN.
    """
    ours = ["GH_TOKEN", "GITHUB_TOKEN"] if web_url == "https://github.com" else ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
    if environment.get(_SERVER, "").rstrip("/") == web_url:
        ours.append("GITHUB_TOKEN")
    elif environment.get(_SERVER) and "GITHUB_TOKEN" in ours:
        ours.remove("GITHUB_TOKEN")  # an Action's token is for its own server alone
    return next((found for name in ours if (found := environment.get(name, "").strip())), "")


def _as_json(found: "Previewed") -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps({"deeds": [asdict(deed) for deed in found.deeds], "outcomes": found.sentences}, indent=2)


def _show(found: "Previewed", address: "Address", label: str, *, told: bool) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    from app.render.words import plain

    hand, name = plain(), f"{address.name}#{address.number}"
    head = [hand.say("deed", "as-if-labelled", label=label)]
    head += [] if told else [hand.say("deed", "no-token")]
    head.append(hand.say("deed", "headline" if found.deeds else "nothing", issue=name))
    parts = ["\n\n".join(head)] + (
        [_written(deed) for deed in found.deeds] or ["\n".join(f"- {hand.prose(s)}" for s in found.sentences)]
    )
    text = "\n\n".join(parts)
    if sys.stdout.isatty():
        Console(highlight=False).print(Markdown(text))
    else:
        print(text)


def _written(deed: "Deed") -> str:
    """One deed as Markdown: what it is as a heading, and below what would stand there."""
    from app.domain.deed import Act
    from app.render.draft import fenced
    from app.render.words import plain

    head = f"## {plain().say('deed', deed.act, where=deed.where, title=deed.title)}"
    shown = fenced(deed.text, "diff") if deed.act is Act.COMMIT else deed.text if deed.act is not Act.BRANCH else ""
    return "\n\n".join(filter(None, (head, shown)))
