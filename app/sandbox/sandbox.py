"""The sandbox as one object: a folder, a server on this machine, and the calls that furnish it.

with Sandbox(folder) as sandbox:
    app = sandbox.create_app("recall", webhook_url="http://127.0.0.1:8000/webhook")
    sandbox.create_repository("octo/shop")
    sandbox.install(app, "octo/shop")
    mona = sandbox.person("mona", "octo/shop", role="triage")
    mona.label(mona.open_issue("octo/shop", "Totals are wrong"), "escaped-bug")
"""

import secrets
import socket
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import uvicorn

from app.domain.errors import TellUser
from app.sandbox import actions, checks
from app.sandbox.auth import key_pair
from app.sandbox.faults import Faults
from app.sandbox.gitfolder import GitFolder
from app.sandbox.hub import Hub
from app.sandbox.issuer import Issuer
from app.sandbox.people import Person
from app.sandbox.state import App, Artifact, CheckRun, Installation, Issue, Repository, WorkflowRun
from app.sandbox.web import Web
from app.sandbox.webhooks import WebhookDelivery

PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "issues": "write",
    "pull_requests": "write",
    "checks": "write",
    "statuses": "read",
    "actions": "read",
}
WRITING = {**PERMISSIONS, "contents": "write"}
EVENTS = ("issues", "issue_comment", "pull_request", "push", "workflow_run", "check_run")
START_SECONDS = 10.0


class Sandbox:
    """A small GitHub. `folder` takes its git repositories; what else it knows is forgotten when it stops."""

    def __init__(self, folder: Path) -> None:
        self.hub = Hub(folder)
        self.web = Web(self.hub)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where people and git look: `RECALL_GITHUB_WEB_URL`."""
        return self.hub.web_url

    @property
    def api_url(self) -> str:
        """Where programs look: `RECALL_GITHUB_API_URL`."""
        return self.hub.api_url

    @property
    def faults(self) -> Faults:
        """The troubles that can be asked for."""
        return self.hub.faults

    @property
    def deliveries(self) -> list[WebhookDelivery]:
        """All webhook deliveries so far, oldest first, tried or pending."""
        return list(self.hub.webhooks.log)

    def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Serves in a thread, on a free port unless one is named. Raises TellUser if the port is taken."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            raise TellUser(f"Port {port} of {host} is taken: choose another one for the sandbox.") from error
        self.hub.web_url = f"http://{host}:{listener.getsockname()[1]}"
        config = uvicorn.Config(self.web, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        self.hub.webhooks.start()

    def stop(self) -> None:
        """Ends the server; pending deliveries are not sent any more."""
        self.hub.webhooks.stop()
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
            self._server = self._thread = None

    def drain(self) -> None:
        """Waits until every delivery made so far was tried."""
        self.hub.webhooks.drain()

    def advance(self, **duration: float) -> None:
        """Lets time pass at once: `advance(hours=1)`."""
        self.hub.offset += timedelta(**duration)

    def skip(self, time: timedelta) -> None:
        """Lets time pass for whatever happens here, and not for tokens: those who call need not put their clocks forward."""
        self.hub.skipped += time

    def create_app(
        self,
        slug: str = "recall",
        webhook_url: str | None = None,
        permissions: Mapping[str, str] | None = None,
        events: Sequence[str] = EVENTS,
        webhook_secret: str | None = None,
        keys: tuple[str, str] | None = None,
    ) -> App:
        """Registers an App, with a fresh key unless `keys` (private and public PEM) are given.

        Its deliveries stay pending until it has a webhook URL.
        """
        hub = self.hub
        private, public = keys or key_pair()
        number = hub.new_id()
        app = App(
            id=number,
            slug=slug,
            client_id=f"Iv23{secrets.token_hex(8)}",
            owner=hub.account("sandbox-owner"),
            bot=hub.account(f"{slug}[bot]", "Bot"),
            private_key=private,
            public_key=public,
            webhook_secret=webhook_secret or secrets.token_hex(20),
            webhook_url=webhook_url,
            permissions=dict(permissions or PERMISSIONS),
            events=list(events),
            created_at=hub.now(),
        )
        hub.apps[number] = app
        return app

    def create_repository(
        self,
        full_name: str,
        source: Path | None = None,
        visibility: str = "public",
        default_branch: str = "main",
        fork_of: str | None = None,
    ) -> Repository:
        """A repository: empty, or a bare clone of `source` (which is never written to), or a fork."""
        hub = self.hub
        owner, _, name = full_name.partition("/")
        if not owner or not name or full_name.casefold() in hub.repositories:
            raise TellUser(f"{full_name} is not a free name of the form owner/name.")
        parent = hub.repository(fork_of) if fork_of else None
        path = hub.folder / "repositories" / f"{hub.new_id()}.git"
        origin = parent.git.path if parent else source
        git = GitFolder.clone(origin, path) if origin else GitFolder.create(path, default_branch)
        repository = Repository(hub.new_id(), hub.account(owner), name, git, hub.now(), visibility, fork_of=parent)
        repository.default_branch = git.head(default_branch) if origin else default_branch
        hub.repositories[full_name.casefold()] = repository
        return repository

    def rename(self, repository: Repository, name: str) -> None:
        """Renames a repository; the old address leads to the new one."""
        hub = self.hub
        with hub.lock:
            old = repository.full_name.casefold()
            repository.name = name
            hub.repositories[repository.full_name.casefold()] = hub.repositories.pop(old)
            hub.renamed[old] = repository

    def install(self, app: App, *repositories: str, permissions: Mapping[str, str] | None = None) -> Installation:
        """Installs an App on the account that owns the repositories, for these alone, and tells the App."""
        hub = self.hub
        chosen = [hub.repository(name) for name in repositories]
        if len({repository.owner.id for repository in chosen}) != 1:
            raise TellUser("An App is installed on one account: name repositories of one owner.")
        ids = {repository.id for repository in chosen}
        granted = {"metadata": "read", **(permissions or app.permissions)}
        made = Installation(hub.new_id(), app, chosen[0].owner, granted, ids, hub.now())
        with hub.lock:
            hub.installations[made.id] = made
            self._tell(made, "created", repositories=self._short(chosen))
        return made

    def add_repositories(self, installation: Installation, *names: str) -> None:
        """Gives an installation more repositories."""
        added = [self.hub.repository(name) for name in names]
        with self.hub.lock:
            installation.repositories = (installation.repositories or set()) | {one.id for one in added}
            self.hub.webhooks.tell_installation(
                "installation_repositories",
                "added",
                installation,
                installation.account,
                repositories_added=self._short(added),
                repositories_removed=[],
                repository_selection="selected",
                requester=None,
            )

    def suspend(self, installation: Installation, suspended: bool = True) -> None:
        """Suspends an installation, or ends that."""
        with self.hub.lock:
            installation.suspended_at = self.hub.now() if suspended else None
            self._tell(installation, "suspend" if suspended else "unsuspend")

    def uninstall(self, installation: Installation) -> None:
        """Removes an installation; its tokens end at once."""
        with self.hub.lock:
            installation.deleted = True
            self._tell(installation, "deleted")

    def person(self, login: str, *repositories: str, role: str = "write") -> Person:
        """Somebody, with a role (`read`, `triage`, `write`, `maintain`, `admin`) in the named repositories."""
        for name in repositories:
            self.hub.repository(name).collaborators[login.casefold()] = role
        return Person(self.hub, self.hub.account(login))

    def add_artifact(self, repository: str, name: str, content: bytes, head_sha: str, days: float = 90) -> Artifact:
        """Stores a zip as the artifact of some workflow run on the default branch."""
        found = self.hub.repository(repository)
        return self._store(found, name, content, (head_sha, found.default_branch), days)

    def add_artifact_of(self, run: WorkflowRun, name: str, content: bytes, days: float = 90) -> Artifact:
        """Stores a zip as an artifact of that run."""
        made = self._store(run.repository, name, content, (run.head_sha, run.head_branch), days)
        made.run = run
        return made

    def start_run(self, repository: str, event: str = "push", branch: str | None = None, id_token: bool = True) -> WorkflowRun:
        """Starts a workflow run on the tip of a branch, the default branch unless one is named.

        `id_token` is whether its workflow was given `id-token: write`.
        """
        found = self.hub.repository(repository)
        return actions.start(self.hub, found, event, branch or found.default_branch, id_token)

    def start_run_on(self, pull: Issue, id_token: bool = True) -> WorkflowRun:
        """Starts the `pull_request` run of a pull request; GitHub gives a fork's no OIDC token, whatever its workflow asks."""
        return actions.start_on_pull(self.hub, pull, id_token)

    def start_run_at(self, repository: str, sha: str, workflow: str, event: str = "pull_request") -> WorkflowRun:
        """Starts a run of a workflow on any commit."""
        return actions.start_at(self.hub, self.hub.repository(repository), event, sha, workflow)

    def job(self, run: WorkflowRun, name: str, conclusion: str = "success", ended: datetime | None = None) -> CheckRun:
        """Ends a job of a run, which GitHub shows as a check run by its own App; again for each attempt."""
        slug = "github-actions"
        known = (app for app in self.hub.apps.values() if app.slug == slug)
        app = next(known, None) or self.create_app(slug, permissions={"metadata": "read"}, keys=("", ""))
        return checks.job(self.hub, run, app, name, conclusion, ended or self.hub.now())

    def complete_run(self, run: WorkflowRun, conclusion: str = "success") -> None:
        """Ends a run, and tells the Apps."""
        actions.complete(self.hub, run, conclusion)

    def rerun(self, run: WorkflowRun) -> None:
        """Begins the next attempt of a run."""
        actions.rerun(self.hub, run)

    def environment(self, run: WorkflowRun) -> dict[str, str]:
        """The variables that a job of the run sees."""
        return actions.environment(self.hub, run, self.hub.folder)

    @property
    def issuer(self) -> Issuer:
        """Who signs the OIDC tokens of Actions."""
        return self.hub.issuer

    def revoke_tokens(self) -> None:
        """Ends every installation token there is."""
        for token in list(self.hub.tokens.values()):
            token.revoked = token.installation is not None

    def _store(self, on: Repository, name: str, content: bytes, head: tuple[str, str], days: float) -> Artifact:
        hub = self.hub
        made = Artifact(hub.new_id(), name, content, *head, hub.now(), hub.now() + timedelta(days=days))
        on.artifacts.append(made)
        return made

    def _tell(self, installation: Installation, action: str, **facts: object) -> None:
        self.hub.webhooks.tell_installation("installation", action, installation, installation.account, **facts)

    @staticmethod
    def _short(repositories: Sequence[Repository]) -> list[dict[str, object]]:
        return [
            {
                "id": one.id,
                "node_id": f"R_{one.id}",
                "name": one.name,
                "full_name": one.full_name,
                "private": one.visibility != "public",
            }
            for one in repositories
        ]
