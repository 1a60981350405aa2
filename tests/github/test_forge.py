"""The verbs, against the sandbox: what GitHub knows of an issue, and the one comment on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.delivery import Actor, Repository
from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.escape import Dropped, Escape, FixState
from app.domain.job import State
from app.github.auth import App, Host
from app.github.forge import RepositoryForge
from app.sandbox.state import Issue as SandboxIssue
from tests.shop import SHOP, Shop, open_shop

LABEL = "escaped-bug"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, visibility="public") as opened:
        yield opened


def app_of(shop: Shop, key: str | None = None) -> App:
    return App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, key or shop.app.private_key)


def forge_of(shop: Shop, full_name: str = SHOP) -> RepositoryForge:
    app = app_of(shop)
    return RepositoryForge(app.host, app.on(shop.installation.id, shop.repository.id), Repository(shop.repository.id, full_name))


def escaped(shop: Shop, body: str = "") -> SandboxIssue:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", body)
    shop.mona.label(issue, LABEL)
    return issue


def escape(shop: Shop, number: int) -> Escape:
    forge = forge_of(shop)
    return forge.escape(forge.issue(number))


def fix(shop: Shop, body: str, *, commits: int = 1, title: str = "Fix the totals") -> SandboxIssue:
    branch = f"fix-{len(shop.repository.issues)}"
    for n in range(commits):
        shop.mona.push(SHOP, {"shop/pricing.py": f"# {branch} {n}\n"}, f"Fix {n} of {branch}", branch=branch)
    return shop.mona.open_pull(SHOP, branch, title, body)


def found(told: Escape) -> list[tuple[str, int | str]]:
    return [(link.kind.value, link.fix.pull or link.fix.head) for link in told.links if link.acted_on]


def test_the_app_knows_who_it_writes_as(shop: Shop) -> None:
    assert forge_of(shop).me() == Actor("recall[bot]", "Bot")


def test_the_repository_is_read_as_it_is_now(shop: Shop) -> None:
    assert forge_of(shop).repository() == Repository(shop.repository.id, SHOP, "public", "main")


def test_a_renamed_repository_is_found_under_its_old_name(shop: Shop) -> None:
    number = escaped(shop).number
    shop.sandbox.rename(shop.repository, "store")
    assert forge_of(shop).issue(number).repository.full_name == "octo/store"


def test_another_repository_under_the_old_name_is_not_taken_for_it(shop: Shop) -> None:
    app = app_of(shop)
    forge = RepositoryForge(app.host, app.on(shop.installation.id, shop.repository.id), Repository(1, SHOP))
    with pytest.raises(GiveUp) as raised:
        forge.repository()
    assert raised.value.state == State.FORBIDDEN


def test_an_issue_is_read_as_it_is_now(shop: Shop) -> None:
    issue = forge_of(shop).issue(escaped(shop, "It is\n\nwrong").number)
    assert (issue.title, issue.body, issue.state, issue.labels, issue.locked) == (
        "Totals are wrong",
        "It is\n\nwrong",
        "open",
        (LABEL,),
        False,
    )
    assert issue.author == Actor("mona")


def test_a_pull_request_is_no_issue(shop: Shop) -> None:
    with pytest.raises(TellUser):
        forge_of(shop).issue(fix(shop, "").number)


def test_a_deleted_issue_is_given_up(shop: Shop) -> None:
    issue = escaped(shop)
    shop.mona.delete(issue)
    with pytest.raises(GiveUp) as raised:
        forge_of(shop).issue(issue.number)
    assert raised.value.state == State.DELETED


def test_a_transferred_issue_is_given_up_whether_or_not_its_new_place_can_be_seen(shop: Shop) -> None:
    for visibility in ("private", "public"):
        shop.sandbox.create_repository(f"octo/{visibility}", visibility=visibility)
        issue = escaped(shop)
        shop.mona.transfer(issue, f"octo/{visibility}")
        with pytest.raises(GiveUp) as raised:
            forge_of(shop).issue(issue.number)
        assert raised.value.state == State.TRANSFERRED


def test_a_suspended_installation_is_given_up(shop: Shop) -> None:
    shop.sandbox.suspend(shop.installation)
    with pytest.raises(GiveUp) as raised:
        forge_of(shop).repository()
    assert raised.value.state == State.SUSPENDED


def test_an_uninstalled_app_is_given_up(shop: Shop) -> None:
    shop.sandbox.uninstall(shop.installation)
    with pytest.raises(GiveUp) as raised:
        forge_of(shop).repository()
    assert raised.value.state == State.FORBIDDEN


def test_an_installation_that_does_not_cover_the_repository_is_given_up(shop: Shop) -> None:
    other = shop.sandbox.create_repository("octo/other")
    app = app_of(shop)
    forge = RepositoryForge(app.host, app.on(shop.installation.id, other.id), Repository(other.id, "octo/other"))
    with pytest.raises(GiveUp) as raised:
        forge.repository()
    assert raised.value.state == State.FORBIDDEN


def test_a_key_github_does_not_know_is_told(shop: Shop) -> None:
    other = shop.sandbox.create_app("other")
    with pytest.raises(TellUser, match="RECALL_GITHUB_PRIVATE_KEY"):
        App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, other.private_key if other else "").me()


@pytest.mark.parametrize("key", ["", "nonsense", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"])
def test_what_is_no_key_is_told_at_once(key: str) -> None:
    with pytest.raises(TellUser, match="RECALL_GITHUB_PRIVATE_KEY"):
        App(Host(), 1, key)


def test_revoked_tokens_are_asked_for_anew(shop: Shop) -> None:
    number = escaped(shop).number
    forge = forge_of(shop)
    forge.issue(number)
    shop.sandbox.revoke_tokens()
    with pytest.raises(TryLater):
        forge.issue(number)
    assert forge.issue(number).number == number


def test_each_token_covers_one_repository_and_no_more_than_its_step_needs(shop: Shop) -> None:
    forge = forge_of(shop)
    issue = forge.issue(escaped(shop).number)
    forge.escape(issue)
    forge.create_comment(issue.number, "hello")
    token = forge.remote().token
    minted = [t for t in shop.sandbox.hub.tokens.values() if t.installation]
    assert all(t.repositories == {shop.repository.id} for t in minted)
    levels = sorted(tuple(sorted((name, level) for name, level in t.permissions.items() if name != "metadata")) for t in minted)
    assert levels == [
        (("contents", "read"),),
        (("contents", "read"), ("issues", "read"), ("pull_requests", "read")),
        (("issues", "write"),),
    ]
    assert next(t for t in minted if t.value == token).permissions.get("issues", "none") == "none"


def test_the_pull_request_that_closed_the_issue_is_its_fix(shop: Shop) -> None:
    issue = escaped(shop)
    pull = fix(shop, f"Fixes #{issue.number}")
    landed = shop.mona.merge(pull)
    told = escape(shop, issue.number)
    assert found(told)[0] == ("closed-by-pull", pull.number)
    assert told.fix is not None
    assert (told.fix.head, told.fix.base, told.fix.state, told.fix.title) == (landed, None, FixState.MERGED, "Fix the totals")


def test_an_open_pull_request_is_a_fix_under_way(shop: Shop) -> None:
    issue = escaped(shop)
    pull = fix(shop, f"Fixes #{issue.number}")
    told = escape(shop, issue.number)
    assert told.fix is not None and pull.pull is not None
    assert (told.fix.pull, told.fix.state) == (pull.number, FixState.OPEN)
    assert (told.fix.head, told.fix.base) == (pull.pull.head_sha, pull.pull.base_sha)


def test_links_made_by_hand_are_followed_until_they_are_taken_away(shop: Shop) -> None:
    issue, pull = escaped(shop), fix(shop, "")
    shop.mona.connect(issue, pull)
    assert found(escape(shop, issue.number)) == [("connected", pull.number)]
    shop.mona.disconnect(issue, pull)
    assert found(escape(shop, issue.number)) == []


def test_a_commit_that_closed_the_issue_without_a_pull_request_is_its_fix(shop: Shop) -> None:
    issue = escaped(shop)
    sha = shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, f"Fixes #{issue.number}")
    assert found(escape(shop, issue.number))[0] == ("closed-by-commit", sha)


def test_a_commit_on_the_default_branch_that_names_the_issue_is_acted_on(shop: Shop) -> None:
    issue = escaped(shop)
    sha = shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, f"About #{issue.number}")
    shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 4\n"}, f"Try something for #{issue.number}", branch="try")
    assert found(escape(shop, issue.number)) == [("referenced-commit", sha)]


@pytest.mark.parametrize("says", ["Fixed by #{n}", "fixed in {url}/octo/shop/pull/{n}", "### Fix\n\n#{n}\n"])
def test_the_text_can_name_the_fix(shop: Shop, says: str) -> None:
    pull = fix(shop, "")
    shop.mona.merge(pull)
    issue = escaped(shop, says.format(n=pull.number, url=shop.sandbox.url))
    assert ("text", pull.number) in found(escape(shop, issue.number))


def test_a_sha_stands_for_the_pull_request_that_brought_it(shop: Shop) -> None:
    pull = fix(shop, "")
    landed = shop.mona.merge(pull, "squash")
    issue = escaped(shop, f"Fixed by {landed[:10]}")
    assert found(escape(shop, issue.number)) == [("text", pull.number)]


def test_a_comparison_is_read_between_its_ends(shop: Shop) -> None:
    base = shop.repository.git.ref("refs/heads/main")
    head = shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, "Three", branch="three")
    issue = escaped(shop, f"Fixed in {shop.sandbox.url}/octo/shop/compare/main...three")
    told = escape(shop, issue.number).fix
    assert told is not None
    assert (told.base, told.head) == (base, head)


def test_what_the_text_names_as_fix_and_is_not_there_is_said(shop: Shop) -> None:
    told = escape(shop, escaped(shop, "Fixed by 1a2b3c4d5e").number)
    assert (told.links, told.dropped) == ((), (Dropped("not-found", "octo/shop@1a2b3c4d5e"),))


def test_a_link_into_another_repository_is_dropped_and_said(shop: Shop) -> None:
    told = escape(shop, escaped(shop, "Fixed by octo/other#3").number)
    assert (told.links, told.dropped) == ((), (Dropped("other-repository", "octo/other#3"),))


def test_an_answer_of_somebody_with_triage_rights_is_the_fix(shop: Shop) -> None:
    pull = fix(shop, "")
    shop.mona.merge(pull)
    issue = escaped(shop)
    shop.sandbox.person("tria", SHOP, role="triage").comment(issue, f"#{pull.number}")
    told = escape(shop, issue.number)
    assert found(told) == [("text", pull.number)]
    assert told.comments == (f"#{pull.number}",)


def test_an_answer_lifts_a_pull_request_that_only_mentions_the_issue(shop: Shop) -> None:
    issue = escaped(shop)
    pull = fix(shop, f"Came up in #{issue.number}")
    shop.mona.merge(pull)
    assert found(escape(shop, issue.number)) == []
    shop.mona.comment(issue, f"#{pull.number}")
    assert found(escape(shop, issue.number)) == [("text", pull.number)]


@pytest.mark.parametrize("says", ["#{n}", "It was fixed by #{n}."])
def test_an_answer_to_our_question_comes_before_what_github_links(shop: Shop, says: str) -> None:
    issue = escaped(shop)
    linked, right = fix(shop, f"Fixes #{issue.number}"), fix(shop, "")
    shop.mona.merge(linked)
    shop.mona.comment(issue, says.format(n=right.number))
    assert found(escape(shop, issue.number))[0] == ("closed-by-pull", linked.number)
    forge_of(shop).create_comment(issue.number, "Which pull request fixed this?")
    shop.mona.comment(issue, f"Thanks, see #{right.number}")
    assert found(escape(shop, issue.number))[0] == ("closed-by-pull", linked.number)
    shop.mona.comment(issue, f"#{linked.number}")
    shop.mona.comment(issue, says.format(n=right.number))
    assert found(escape(shop, issue.number))[0] == ("answer", right.number)
    shop.mona.comment(issue, f"#{linked.number}")
    assert found(escape(shop, issue.number))[0] == ("answer", linked.number)


@pytest.mark.parametrize("role", ["read", None])
def test_a_comment_of_somebody_without_triage_rights_does_not_steer(shop: Shop, role: str | None) -> None:
    pull = fix(shop, "")
    shop.mona.merge(pull)
    issue = escaped(shop)
    outsider = shop.sandbox.person("mallory", SHOP, role=role) if role else shop.sandbox.person("mallory")
    outsider.comment(issue, f"Fixed by #{pull.number}")
    told = escape(shop, issue.number)
    assert (told.links, told.comments) == ((), ())


def test_a_label_set_by_an_issue_form_is_not_trusted(shop: Shop) -> None:
    formed = shop.sandbox.person("mallory").open_issue(SHOP, "Broken", labels=(LABEL,))
    assert not escape(shop, formed.number).trusted
    assert escape(shop, escaped(shop).number).trusted
    shop.mona.unlabel(formed, LABEL)
    shop.mona.label(formed, LABEL)
    assert escape(shop, formed.number).trusted


@pytest.mark.parametrize(("role", "may"), [("read", False), ("triage", True), ("write", True), ("admin", True), ("none", False)])
def test_triage_rights_are_told_from_lesser_ones(shop: Shop, role: str, may: bool) -> None:
    shop.sandbox.person("tria", SHOP, role=role)
    assert forge_of(shop).can_triage("tria") is may


@pytest.mark.parametrize("login", ["nobody-here", "recall[bot]", "../../user"])
def test_whoever_is_unknown_has_no_rights(shop: Shop, login: str) -> None:
    assert not forge_of(shop).can_triage(login)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_all_of_a_fix_lies_between_its_ends_however_it_was_merged(shop: Shop, method: str) -> None:
    before = shop.repository.git.ref("refs/heads/main")
    issue = escaped(shop)
    pull = fix(shop, f"Fixes #{issue.number}", commits=3)
    landed = shop.mona.merge(pull, method)
    told = escape(shop, issue.number).fix
    assert told is not None
    assert (told.head, told.base or f"{landed}^") == (landed, before if method == "rebase" else f"{landed}^")


def test_all_of_a_rebased_fix_is_found_from_its_last_commit(shop: Shop) -> None:
    before = shop.repository.git.ref("refs/heads/main")
    landed = shop.mona.merge(fix(shop, "", commits=3), "rebase")
    told = escape(shop, escaped(shop, f"Fixed by {landed}").number).fix
    assert told is not None
    assert (told.base, told.head) == (before, landed)


def test_all_pages_are_read(shop: Shop) -> None:
    issue = escaped(shop)
    for n in range(120):
        shop.mona.comment(issue, f"comment {n}")
    assert [c.body for c in forge_of(shop).comments(issue.number)] == [f"comment {n}" for n in range(120)]
    shop.sandbox.faults.add("short-pages", times=None)
    assert len(forge_of(shop).comments(issue.number)) == 120


def test_links_out_of_reach_do_not_spoil_the_others(shop: Shop) -> None:
    issue = escaped(shop)
    pull = fix(shop, f"Fixes #{issue.number}")
    shop.mona.merge(pull)
    shop.sandbox.faults.add("forbidden-field", field="Issue.closedByPullRequestsReferences")
    assert found(escape(shop, issue.number))[0] == ("closed-by-pull", pull.number)


def test_a_comment_is_posted_as_the_bot_and_updated_in_place(shop: Shop) -> None:
    forge, issue = forge_of(shop), escaped(shop)
    made = forge.create_comment(issue.number, "one")
    changed = forge.update_comment(made.id, "two")
    assert (made.author, made.id) == (Actor("recall[bot]", "Bot"), changed.id)
    assert [c.body for c in forge.comments(issue.number)] == ["two"]


def test_a_server_error_after_the_comment_was_made_does_not_post_it_twice(shop: Shop) -> None:
    forge, issue = forge_of(shop), escaped(shop)
    shop.sandbox.faults.add("server-error-after", method="POST", path="*/comments")
    with pytest.raises(TryLater):
        forge.create_comment(issue.number, "one")
    assert [c.body for c in forge.comments(issue.number)] == ["one"]


def test_a_locked_issue_and_an_archived_repository_take_no_comment(shop: Shop) -> None:
    forge, issue = forge_of(shop), escaped(shop)
    shop.mona.lock(issue)
    with pytest.raises(GiveUp) as raised:
        forge.create_comment(issue.number, "one")
    assert raised.value.state == State.LOCKED
    shop.repository.archived = True
    with pytest.raises(GiveUp) as raised:
        forge.create_comment(issue.number, "one")
    assert raised.value.state == State.ARCHIVED
    assert forge_of(shop).repository().archived


def test_a_comment_that_is_too_long_is_told(shop: Shop) -> None:
    with pytest.raises(TellUser, match="too long"):
        forge_of(shop).create_comment(escaped(shop).number, "x" * 70_000)


@pytest.mark.parametrize("trouble", ["primary-limit", "secondary-limit"])
@pytest.mark.parametrize("path", ["*/issues/*", "*/graphql"])
def test_a_limit_is_tried_later_at_a_moment(shop: Shop, trouble: str, path: str) -> None:
    number = escaped(shop).number
    shop.sandbox.faults.add(trouble, path=path)
    with pytest.raises(TryLater) as raised:
        escape(shop, number)
    assert raised.value.at is not None
