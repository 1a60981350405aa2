"""A push brings its test map both ways, as the action's own steps do it, and the comment on the next escape uses it."""

from pathlib import Path

import httpx

from app.sandbox.state import WorkflowRun
from tests.end_to_end.conftest import LABEL, Bot, step
from tests.gate import zipped
from tests.jobs.build import until
from tests.shop import SHOP

LCOV = """TN:tests/test_pricing.py::test_total
SF:shop/pricing.py
DA:1,1
DA:4,1
DA:5,1
end_of_record
"""


def build(bot: Bot, run: WorkflowRun, folder: Path, **inputs: str) -> dict[str, str]:
    """The outputs of the action's first step, on the coverage that this job's tests left."""
    (folder / "coverage.info").write_text(LCOV)
    (folder / "output").write_text("")
    usual = {"FILES": "\ncoverage.info\n", "SHARD": "1/1", "REPO": str(bot.shop.repository.git.path)}
    done = step(bot, run, folder, "build", **{"SUITE": "", "UNDER": "", "COMMIT": ""} | usual | inputs)
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


def test_a_push_brings_its_map_both_ways_and_the_comment_uses_it(bot: Bot, tmp_path: Path) -> None:
    sandbox, mona = bot.shop.sandbox, bot.shop.mona
    run = sandbox.start_run(SHOP)
    first = build(bot, run, tmp_path, SHARD="1/2", SUITE="unit")
    sent = step(bot, run, tmp_path, "send", MAP=first["map"], SERVER=bot.address)
    assert (sent.returncode, sent.stderr) == (0, "")
    assert sent.stdout == f"recall: Kept the map of {run.sha[:10]}: 1 tests, 1 files, to answer from.\n"
    second = build(bot, run, tmp_path, SHARD="2/2", SUITE="unit")
    assert second["name"].startswith("recall-map-unit-2-2-")
    sandbox.add_artifact_of(run, second["name"], zipped(map_recall=Path(second["map"]).read_bytes()))
    sandbox.complete_run(run)
    bot.settle()
    assert bot.ask("SELECT shard FROM recall_map_segment WHERE baseline ORDER BY shard") == ["1", "2"]

    issue = bot.issue()
    mona.push(SHOP, {"shop/pricing.py": "RATE = 2\n\n\ndef total(n):\n    return n * RATE + 1\n"}, "Fix the total", branch="fix")
    mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{issue.number}"))
    mona.label(issue, LABEL)
    until(lambda: bot.comments(issue), 60)
    bot.settle()
    (comment,) = bot.comments(issue)
    assert f"Test map of [`{run.sha[:7]}`]" in comment.body
    assert "test_total" in comment.body


def test_a_job_without_the_permission_is_told_and_fails_only_if_it_is_to(bot: Bot, tmp_path: Path) -> None:
    run = bot.shop.sandbox.start_run(SHOP, id_token=False)
    made = build(bot, run, tmp_path)
    strict = step(bot, run, tmp_path, "send", MAP=made["map"], SERVER=bot.address)
    assert strict.returncode == 2
    assert "`id-token: write`" in strict.stderr
    lenient = step(bot, run, tmp_path, "send", MAP=made["map"], SERVER=bot.address, STRICT="false")
    assert lenient.returncode == 0
    assert lenient.stdout.startswith("::warning title=recall::No test map was sent")


def test_a_forks_pull_request_passes(bot: Bot, tmp_path: Path) -> None:
    sandbox = bot.shop.sandbox
    sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = sandbox.person("ada")
    ada.push("ada/shop", {"a.py": "A = 1\n"}, "Add", branch="more")
    run = sandbox.start_run_on(ada.open_pull(SHOP, "ada:more", "More"))
    made = build(bot, run, tmp_path, SUITE="$(touch pwned) ::error::`x`", COMMIT=run.sha)
    assert made["name"].startswith("recall-map---touch-pwned-")
    passed = step(bot, run, tmp_path, "send", MAP=made["map"], SERVER=bot.address)
    assert passed.returncode == 0
    assert passed.stdout.startswith("::notice title=recall::No map was sent")
    assert not (tmp_path / "pwned").exists()


def test_a_map_that_cannot_be_built_is_warned_of(bot: Bot, tmp_path: Path) -> None:
    run = bot.shop.sandbox.start_run(SHOP)
    inputs = {"FILES": "none.info", "SHARD": "1/1", "REPO": str(bot.shop.repository.git.path), "STRICT": "false"}
    done = step(bot, run, tmp_path, "build", SUITE="", UNDER="", COMMIT="", **inputs)
    assert (done.returncode, (tmp_path / "output").exists()) == (0, False)
    assert "::warning title=recall::No test map was built" in done.stdout


def test_a_server_serves_webhooks_while_it_takes_a_map(bot: Bot) -> None:
    with httpx.Client(base_url=bot.address, trust_env=False) as client:
        assert client.put("/maps", content=b"x").status_code == 401
        assert client.get("/healthz").text == "alive"
