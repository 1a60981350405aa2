"""Pull requests: real commits behind each way of merging, and the refusals."""

import subprocess

import pytest

from app.sandbox.state import Issue
from tests.shop import SHOP, Shop

PULLS = f"/repos/{SHOP}/pulls"
FIXED = "RATE = 3\n\n\ndef total(n):\n    return n * RATE\n"


def git(shop: Shop, *arguments: str) -> str:
    folder = shop.repository.git.path
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def opened(shop: Shop, body: str = "", commits: int = 1) -> Issue:
    for number in range(commits):
        shop.mona.push(SHOP, {"shop/pricing.py": FIXED + "# more\n" * number}, f"Repair {number}", branch="fix")
    shop.mona.push(SHOP, {"README.md": "Shop\n"}, "Describe it")
    return shop.mona.open_pull(SHOP, "fix", "Repair the rate", body)


def test_a_merge_makes_a_commit_of_two_parents(shop: Shop) -> None:
    pull = opened(shop)
    tip, head = git(shop, "rev-parse", "main"), git(shop, "rev-parse", "fix")
    landed = shop.mona.merge(pull, "merge")
    assert git(shop, "rev-parse", "main") == landed
    assert git(shop, "log", "-1", "--format=%P %s", landed) == f"{tip} {head} Merge pull request #1 from octo/fix"
    assert git(shop, "show", f"{landed}:README.md") == "Shop"
    assert git(shop, "show", f"{landed}:shop/pricing.py").startswith("RATE = 3")


def test_a_squash_makes_one_commit_with_the_number_in_its_subject(shop: Shop) -> None:
    pull = opened(shop, commits=2)
    tip = git(shop, "rev-parse", "main")
    landed = shop.mona.merge(pull, "squash")
    assert git(shop, "log", "-1", "--format=%P", landed) == tip
    message = git(shop, "log", "-1", "--format=%B", landed)
    assert message == "Repair the rate (#1)\n\n* Repair 0\n\n* Repair 1"


def test_a_rebase_makes_a_commit_for_each_and_records_the_last(shop: Shop) -> None:
    pull = opened(shop, commits=2)
    tip = git(shop, "rev-parse", "main")
    landed = shop.mona.merge(pull, "rebase")
    assert git(shop, "log", "--format=%s", f"{tip}..{landed}").splitlines() == ["Repair 1", "Repair 0"]
    assert git(shop, "rev-list", "--count", "--merges", f"{tip}..{landed}") == "0"
    with shop.as_bot() as client:
        assert client.get(f"{PULLS}/1").json()["merge_commit_sha"] == landed


def test_lines_of_both_sides_are_merged_by_content(shop: Shop) -> None:
    shop.mona.push(SHOP, {"list": "".join(f"{n}\n" for n in range(20))}, "List")
    shop.mona.push(SHOP, {"list": "first\n" + "".join(f"{n}\n" for n in range(1, 20))}, "Top", branch="top")
    shop.mona.push(SHOP, {"list": "".join(f"{n}\n" for n in range(19)) + "last\n"}, "Bottom")
    landed = shop.mona.merge(shop.mona.open_pull(SHOP, "top", "Top"))
    assert git(shop, "show", f"{landed}:list").splitlines() == ["first", *map(str, range(1, 19)), "last"]


def test_a_conflict_is_not_merged(shop: Shop) -> None:
    shop.mona.push(SHOP, {"shop/pricing.py": FIXED}, "Theirs", branch="fix")
    shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 9\n"}, "Ours")
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    with shop.as_mona() as client:
        answer = client.put(f"{PULLS}/{pull.number}/merge", json={})
    assert (answer.status_code, answer.json()["message"]) == (405, "Pull Request has merge conflicts")
    assert pull.state == "open"


def test_before_merging_the_merge_commit_is_a_test_that_lands_nowhere(shop: Shop) -> None:
    pull = opened(shop)
    with shop.as_bot() as client:
        told = client.get(f"{PULLS}/{pull.number}").json()
        shop.mona.push(SHOP, {"later": "1"}, "Later")
        later = client.get(f"{PULLS}/{pull.number}").json()
    assert (told["merged"], told["mergeable"]) == (False, True)
    assert git(shop, "rev-list", "--count", f"main..{told['merge_commit_sha']}") == "2"
    assert git(shop, "rev-parse", "refs/pull/1/merge") == later["merge_commit_sha"] != told["merge_commit_sha"]


def test_a_conflict_has_no_test_merge(shop: Shop) -> None:
    shop.mona.push(SHOP, {"shop/pricing.py": FIXED}, "Theirs", branch="fix")
    shop.mona.push(SHOP, {"shop/pricing.py": "RATE = 9\n"}, "Ours")
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    with shop.as_bot() as client:
        told = client.get(f"{PULLS}/{pull.number}").json()
    assert (told["merge_commit_sha"], told["mergeable"], told["mergeable_state"]) == (None, False, "dirty")


def test_files_tell_patches_and_renames(shop: Shop) -> None:
    shop.mona.push(
        SHOP,
        {"shop/pricing.py": None, "shop/prices.py": FIXED, "logo.png": b"\x89PNG\0\0", "gone": None, "new": "1\n"},
        "Move",
        branch="fix",
    )
    pull = shop.mona.open_pull(SHOP, "fix", "Move")
    with shop.as_bot() as client:
        files = {one["filename"]: one for one in client.get(f"{PULLS}/{pull.number}/files").json()}
    assert set(files) == {"shop/prices.py", "logo.png", "new"}
    assert (files["shop/prices.py"]["status"], files["shop/prices.py"]["previous_filename"]) == ("renamed", "shop/pricing.py")
    assert files["shop/prices.py"]["patch"].startswith("@@ -1,4 +1,4 @@\n-RATE = 2\n+RATE = 3\n")
    assert (files["shop/prices.py"]["additions"], files["shop/prices.py"]["deletions"]) == (1, 1)
    assert "patch" not in files["logo.png"]
    assert files["new"]["patch"] == "@@ -0,0 +1 @@\n+1"


def test_the_files_of_a_merged_pull_request_stay(shop: Shop) -> None:
    pull = opened(shop)
    shop.mona.merge(pull, "squash")
    with shop.as_bot() as client:
        assert [one["filename"] for one in client.get(f"{PULLS}/{pull.number}/files").json()] == ["shop/pricing.py"]
        told = client.get(f"{PULLS}/{pull.number}").json()
    assert (told["merged"], told["changed_files"], told["commits"]) == (True, 1, 1)


def test_a_newer_api_version_has_no_merge_commit_sha(shop: Shop) -> None:
    pull = opened(shop)
    shop.mona.merge(pull)
    with shop.as_bot() as client:
        old = client.get(f"{PULLS}/{pull.number}", headers={"X-GitHub-Api-Version": "2022-11-28"}).json()
        new = client.get(f"{PULLS}/{pull.number}", headers={"X-GitHub-Api-Version": "2026-03-10"}).json()
        wrong = client.get(f"{PULLS}/{pull.number}", headers={"X-GitHub-Api-Version": "1999-01-01"})
    assert old["merge_commit_sha"]
    assert "merge_commit_sha" not in new
    assert wrong.status_code == 400


def test_pull_requests_are_found_by_their_head(shop: Shop) -> None:
    pull = opened(shop)
    with shop.as_bot() as client:
        found = client.get(PULLS, params={"head": "octo:fix"}).json()
        none = client.get(PULLS, params={"head": "octo:other"}).json()
        listed = client.get(f"/repos/{SHOP}/issues").json()
    assert ([one["number"] for one in found], none) == ([pull.number], [])
    assert [one["pull_request"]["url"] for one in listed] == [found[0]["url"]]


def refusal(shop: Shop, **wish: object) -> tuple[int, str]:
    with shop.as_mona() as client:
        answer = client.post(PULLS, json={"title": "x", "head": "fix", "base": "main", **wish})
    told = answer.json()
    return answer.status_code, (told.get("errors") or [{}])[0].get("message") or told.get("message", "")


def test_a_head_has_one_open_pull_request(shop: Shop) -> None:
    opened(shop)
    assert refusal(shop) == (422, "A pull request already exists for octo:fix.")


def test_without_commits_there_is_no_pull_request(shop: Shop) -> None:
    shop.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    shop.mona.merge(shop.mona.open_pull(SHOP, "fix", "one"))
    assert refusal(shop) == (422, "No commits between main and fix")


@pytest.mark.parametrize(
    "wish", [{"head": "none"}, {"base": "none"}, {"head": "nobody:fix"}, {"title": ""}, {"body": "x" * 65_537}]
)
def test_a_pull_request_needs_what_it_names(shop: Shop, wish: dict[str, str]) -> None:
    shop.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    assert refusal(shop, **wish)[0] == 422


def test_drafts_are_refused_where_they_are_not_supported(shop: Shop) -> None:
    shop.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    shop.repository.drafts = False
    assert refusal(shop, draft=True) == (422, "Draft pull requests are not supported in this repository.")


def test_a_draft_is_not_merged(shop: Shop) -> None:
    shop.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    pull = shop.mona.open_pull(SHOP, "fix", "one", draft=True)
    with shop.as_mona() as client:
        assert client.put(f"{PULLS}/{pull.number}/merge").status_code == 405
        shop.mona.ready(pull)
        assert client.put(f"{PULLS}/{pull.number}/merge").status_code == 200


def test_a_pull_request_from_a_fork_has_its_head_in_the_base_repository(shop: Shop) -> None:
    shop.sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = shop.sandbox.person("ada", SHOP, role="read")
    head = ada.push("ada/shop", {"a": "1"}, "one", branch="fix")
    pull = ada.open_pull(SHOP, "ada:fix", "From a fork")
    assert git(shop, "rev-parse", f"refs/pull/{pull.number}/head") == head
    later = ada.push("ada/shop", {"a": "2"}, "two", branch="fix")
    assert git(shop, "rev-parse", f"refs/pull/{pull.number}/head") == later


def test_a_commit_leads_to_its_pull_request(shop: Shop) -> None:
    pull = opened(shop)
    head = pull.pull.head_sha if pull.pull else ""
    landed = shop.mona.merge(pull, "squash")
    with shop.as_bot() as client:
        numbers = {
            sha: [one["number"] for one in client.get(f"/repos/{SHOP}/commits/{sha}/pulls").json()]
            for sha in (landed, head, git(shop, "rev-parse", "main~1"))
        }
    assert list(numbers.values()) == [[1], [1], []]


def test_a_closed_pull_request_can_be_opened_again_but_not_a_merged_one(shop: Shop) -> None:
    pull = opened(shop)
    with shop.as_mona() as client:
        assert client.patch(f"{PULLS}/{pull.number}", json={"state": "closed"}).json()["merged"] is False
        assert client.patch(f"{PULLS}/{pull.number}", json={"state": "open"}).status_code == 200
        client.put(f"{PULLS}/{pull.number}/merge")
        assert client.patch(f"{PULLS}/{pull.number}", json={"state": "open"}).status_code == 422
