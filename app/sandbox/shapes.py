"""How GitHub's REST answers show accounts, Apps, installations and repositories; issues and pulls have shapes of their own."""

from typing import Any
from urllib.parse import quote

from app.sandbox.state import ROLES as _ROLES
from app.sandbox.state import Account, App, Installation, Repository, enough, stamp
from app.sandbox.world import World

Shape = dict[str, Any]

# Name of the link, then its path under the repository's address in the API.
_REPOSITORY_LINKS = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "contributors_url": "contributors",
    "deployments_url": "deployments",
    "downloads_url": "downloads",
    "events_url": "events",
    "forks_url": "forks",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "languages_url": "languages",
    "merges_url": "merges",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers",
    "subscription_url": "subscription",
    "tags_url": "tags",
    "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}
_ACCOUNT_LINKS = {
    "followers_url": "followers",
    "following_url": "following{/other_user}",
    "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions",
    "organizations_url": "orgs",
    "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}


def account(world: World, of: Account) -> Shape:
    """A `simple-user`."""
    api = f"{world.api_url}/users/{quote(of.login)}"
    slug = of.login.removesuffix("[bot]")
    return {
        "login": of.login,
        "id": of.id,
        "node_id": f"{'BOT' if of.type == 'Bot' else 'U'}_{of.id}",
        "avatar_url": f"{world.web_url}/_sandbox/avatars/{of.id}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{world.web_url}/apps/{slug}" if of.type == "Bot" else f"{world.web_url}/{of.login}",
        **{name: f"{api}/{path}" for name, path in _ACCOUNT_LINKS.items()},
        "type": of.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def profile(world: World, of: Account) -> Shape:
    """A `public-user`: what the address of an account tells beside who it is."""
    unknown = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    since = stamp(world.started)
    return {**account(world, of), **unknown, **counts, "created_at": since, "updated_at": since}


def app(world: World, of: App) -> Shape:
    """An `integration`, without anything secret."""
    return {
        "id": of.id,
        "client_id": of.client_id,
        "slug": of.slug,
        "node_id": f"A_{of.id}",
        "owner": account(world, of.owner),
        "name": of.slug,
        "description": "",
        "external_url": world.web_url,
        "html_url": f"{world.web_url}/apps/{of.slug}",
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.created_at),
        "permissions": of.permissions,
        "events": of.events,
    }


def via(world: World, of: App | None) -> Shape | None:
    """The App a thing was made through, if any."""
    return app(world, of) if of else None


def installation(world: World, of: Installation) -> Shape:
    """An `installation`."""
    return {
        "id": of.id,
        "client_id": of.app.client_id,
        "account": account(world, of.account),
        "repository_selection": "all" if of.repositories is None else "selected",
        "access_tokens_url": f"{world.api_url}/app/installations/{of.id}/access_tokens",
        "repositories_url": f"{world.api_url}/installation/repositories",
        "html_url": f"{world.web_url}/settings/installations/{of.id}",
        "app_id": of.app.id,
        "app_slug": of.app.slug,
        "target_id": of.account.id,
        "target_type": of.account.type,
        "permissions": of.permissions,
        "events": of.app.events,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account(world, of.account) if of.suspended_at else None,
        "suspended_at": stamp(of.suspended_at),
    }


def repository(world: World, of: Repository, viewer: Account | None = None, full: bool = False) -> Shape:
    """A `repository` as `viewer` sees it; `full` adds what only the repository's own address tells."""
    api, web = f"{world.api_url}/repos/{of.full_name}", f"{world.web_url}/{of.full_name}"
    open_issues = sum(1 for issue in list(of.issues.values()) if issue.state == "open" and not issue.gone)
    role = of.role(viewer)
    shape: Shape = {
        "id": of.id,
        "node_id": f"R_{of.id}",
        "name": of.name,
        "full_name": of.full_name,
        "private": of.visibility != "public",
        "owner": account(world, of.owner),
        "html_url": web,
        "description": None,
        "fork": of.fork_of is not None,
        "url": api,
        **{name: f"{api}/{path}" for name, path in _REPOSITORY_LINKS.items()},
        "git_url": f"git:{web.partition(':')[2]}.git",
        "ssh_url": f"git@localhost:{of.full_name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "visibility": of.visibility,
        "default_branch": of.default_branch,
        "archived": of.archived,
        "disabled": False,
        **{f"has_{what}": False for what in ("projects", "wiki", "pages", "discussions", "downloads")},
        "has_issues": of.has_issues,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "size": 0,
        **dict.fromkeys(("forks", "forks_count", "stargazers_count", "watchers", "watchers_count"), 0),
        "open_issues": open_issues,
        "open_issues_count": open_issues,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.pushed_at or of.created_at),
        "pushed_at": stamp(of.pushed_at or of.created_at),
        "permissions": {
            name: enough(_ROLES, role, step)
            for name, step in (
                ("admin", "admin"),
                ("maintain", "maintain"),
                ("push", "write"),
                ("triage", "triage"),
                ("pull", "read"),
            )
        },
    }
    return {**shape, "network_count": 0, "subscribers_count": 0} if full else shape
