"""How GitHub's REST answers show commits, changed files and pull requests."""

from app.sandbox.gitdiff import ChangedFile, changes
from app.sandbox.gitfolder import Commit, Person
from app.sandbox.history import trial_merge
from app.sandbox.issue_shapes import association, label, page
from app.sandbox.shapes import Shape, account, repository
from app.sandbox.state import Account, Issue, Pull, Repository, stamp
from app.sandbox.world import World


def git_person(of: Person) -> Shape:
    """The author or committer as git knows them."""
    return {"name": of.name, "email": of.email, "date": stamp(of.date)}


def git_commit(world: World, of: Commit, repository: Repository) -> Shape:
    """A `git-commit`."""
    api, web = f"{world.api_url}/repos/{repository.full_name}", f"{world.web_url}/{repository.full_name}"
    return {
        "sha": of.sha,
        "node_id": f"C_{of.sha}",
        "url": f"{api}/git/commits/{of.sha}",
        "html_url": f"{web}/commit/{of.sha}",
        "author": git_person(of.author),
        "committer": git_person(of.committer),
        "tree": {"sha": of.tree, "url": f"{api}/git/trees/{of.tree}"},
        "message": of.message,
        "parents": [{"sha": sha, "url": f"{api}/git/commits/{sha}", "html_url": f"{web}/commit/{sha}"} for sha in of.parents],
        "verification": verification(repository, of.sha),
    }


def verification(of: Repository, sha: str) -> Shape:
    """Whether GitHub signed a commit itself, which it does for those that Apps make without naming an author."""
    signed = sha in of.git.signed
    nothing = dict.fromkeys(("signature", "payload", "verified_at"))
    return {"verified": signed, "reason": "valid" if signed else "unsigned", **nothing}


def commit(world: World, of: Commit, repository: Repository) -> Shape:
    """A `commit`, without its files."""
    api, web = f"{world.api_url}/repos/{repository.full_name}", f"{world.web_url}/{repository.full_name}"
    bare = git_commit(world, of, repository)
    return {
        "sha": of.sha,
        "node_id": f"C_{of.sha}",
        "url": f"{api}/commits/{of.sha}",
        "html_url": f"{web}/commit/{of.sha}",
        "comments_url": f"{api}/commits/{of.sha}/comments",
        "commit": {
            **{name: bare[name] for name in ("author", "committer", "message", "tree", "verification")},
            "url": bare["url"],
            "comment_count": 0,
        },
        "author": committer(world, of.author),
        "committer": committer(world, of.committer),
        "parents": [{"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{web}/commit/{sha}"} for sha in of.parents],
    }


def committer(world: World, of: Person) -> Shape | None:
    """The account that a commit's e-mail address belongs to, if one does (`login@users.noreply.localhost`)."""
    found = known(world, of)
    return account(world, found) if found else None


def known(world: World, of: Person) -> Account | None:
    """The account behind a git person, if there is one."""
    login, _, host = of.email.partition("@")
    return world.accounts.get(login.partition("+")[2].casefold() or login.casefold()) if host == NOREPLY else None


NOREPLY = "users.noreply.localhost"


def changed_file(world: World, of: ChangedFile, repository: Repository, sha: str) -> Shape:
    """A `diff-entry`; `patch` is missing where GitHub leaves it out."""
    web = f"{world.web_url}/{repository.full_name}"
    shape: Shape = {
        "sha": of.sha,
        "filename": of.path,
        "status": of.status,
        "additions": of.additions,
        "deletions": of.deletions,
        "changes": of.additions + of.deletions,
        "blob_url": f"{web}/blob/{sha}/{of.path}",
        "raw_url": f"{web}/raw/{sha}/{of.path}",
        "contents_url": f"{world.api_url}/repos/{repository.full_name}/contents/{of.path}?ref={sha}",
    }
    if of.patch is not None:
        shape["patch"] = of.patch
    if of.previous is not None:
        shape["previous_filename"] = of.previous
    return shape


def pull_files(of: Pull, repository: Repository) -> list[ChangedFile]:
    """What a pull request changes: from where it left its base to its head."""
    base = repository.git.merge_base(of.base_sha, of.head_sha)
    return changes(repository.git, base or of.base_sha, of.head_sha)


def pull_commits(of: Pull, repository: Repository) -> list[Commit]:
    """The commits of a pull request, oldest first, at most 250."""
    return repository.git.log(f"{of.base_sha}..{of.head_sha}")[::-1]


def pull(world: World, of: Issue, full: bool = False) -> Shape:
    """A `pull-request-simple`, or a `pull-request` with its counts."""
    facts = of.pull
    if facts is None:
        raise ValueError(f"#{of.number} is an issue")
    api = f"{world.api_url}/repos/{of.repository.full_name}"
    own, web = f"{api}/pulls/{of.number}", page(world, of)
    links = {
        "html": web,
        "issue": f"{api}/issues/{of.number}",
        "comments": f"{api}/issues/{of.number}/comments",
        "review_comments": f"{own}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{own}/commits",
        "statuses": f"{api}/statuses/{facts.head_sha}",
    }
    shape: Shape = {
        "id": of.id,
        "node_id": f"PR_{of.id}",
        "url": own,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        **{f"{name}_url": url for name, url in links.items() if name != "html"},
        "number": of.number,
        "state": of.state,
        "locked": of.locked,
        "active_lock_reason": of.lock_reason,
        "title": of.title,
        "body": of.body or None,
        "user": account(world, of.author),
        "labels": [label(world, one, of.repository) for one in of.labels],
        **dict.fromkeys(("assignee", "milestone", "auto_merge")),
        **{name: [] for name in ("assignees", "requested_reviewers", "requested_teams")},
        "draft": facts.draft,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.updated_at),
        "closed_at": stamp(of.closed_at),
        "merged_at": stamp(facts.merged_at),
        "merge_commit_sha": trial_merge(of) if of.state == "open" else facts.merge_commit,
        "head": _side(world, facts.head_repository, facts.head_ref, facts.head_sha),
        "base": _side(world, of.repository, facts.base_ref, facts.base_sha),
        "author_association": association(of.repository, of.author),
        "_links": {name: {"href": url} for name, url in {**links, "self": own}.items()},
    }
    return {**shape, **_counts(world, of, facts)} if full else shape


def _side(world: World, of: Repository, ref: str, sha: str) -> Shape:
    owner = account(world, of.owner)
    return {"label": f"{of.owner.login}:{ref}", "ref": ref, "sha": sha, "user": owner, "repo": repository(world, of)}


def _counts(world: World, of: Issue, facts: Pull) -> Shape:
    files = pull_files(facts, of.repository)
    still_open = of.state == "open"
    clean = still_open and trial_merge(of) is not None
    return {
        "merged": facts.merged_at is not None,
        "mergeable": clean if still_open else None,
        "mergeable_state": ("clean" if clean else "dirty") if still_open else "unknown",
        "rebaseable": clean if still_open else None,
        "merged_by": account(world, facts.merged_by) if facts.merged_by else None,
        "comments": len(of.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(pull_commits(facts, of.repository)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }
