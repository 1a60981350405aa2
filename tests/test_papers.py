"""What the README tells people to type exists, and the papers' links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from app.cli import recall
from app.sandbox.sandbox import EVENTS as SUBSCRIBED
from app.settings import Settings
from app.workflows.plan import EVENTS

ROOT = Path(__file__).parents[1]
PAPERS = ("README.md", "CONTRIBUTING.md")
MORE_PAPERS = tuple(
    f"docs/{name}.md" for name in ("test-map", "digest", "action", "commands", "configuration", "review", "permissions")
)
COMMANDS = typer.main.get_command(recall)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def typed(paper: str) -> list[str]:
    """Every `recall ...` and `make ...` of a paper's code blocks and code spans."""
    text = (ROOT / paper).read_text()
    blocks = re.findall(r"^    (\S.*)$", text, re.MULTILINE) + re.findall(r"`([^`\n]+)`", text)
    return [line.partition("  #")[0].strip() for line in blocks if re.match(r"(?:\S+/)?(?:recall|make) [a-z-]", line)]


@pytest.mark.parametrize("line", sorted({line for paper in (*PAPERS, *MORE_PAPERS) for line in typed(paper)}))
def test_every_command_of_the_papers_exists(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "make":
        assert {word for word in words if "=" not in word} <= TARGETS
        return
    subcommand = COMMANDS
    while hasattr(subcommand, "commands"):
        subcommand = subcommand.commands[words.pop(0)]
    known = {option for parameter in subcommand.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("paper", [*PAPERS, *MORE_PAPERS, "CHANGELOG.md"])
def test_every_file_that_a_paper_links_to_exists(paper: str) -> None:
    links = LINK.findall((ROOT / paper).read_text())
    assert [link for link in links if not (ROOT / paper).parent.joinpath(link).exists()] == []


def test_the_readme_names_every_event_that_the_app_is_subscribed_to() -> None:
    step = re.search(r"Register a GitHub App.*?webhook leads", (ROOT / "README.md").read_text(), re.DOTALL)
    assert step is not None
    assert {name.lower().replace(" ", "_") for name in re.findall(r"\*([A-Z][a-z ]+)\*", step[0])} == EVENTS


def test_the_sandbox_subscribes_its_apps_to_the_same_events() -> None:
    assert set(SUBSCRIBED) == EVENTS


@pytest.mark.parametrize("paper", ["README.md", "deploy/recall.env.example", "deploy/recall.service", "deploy/compose.yml"])
def test_every_variable_that_is_named_is_a_setting(paper: str) -> None:
    named = set(re.findall(r"RECALL_[A-Z_]+[A-Z]", (ROOT / paper).read_text()))
    assert named <= {f"RECALL_{name.upper()}" for name in Settings.model_fields}
