"""What sends and asks for test maps in tests: the sandbox's issuer and GitHub, a real database, really signed tokens."""

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from app.analysis.testmap.mapfile import LIMITS
from app.domain.ci import Home
from app.domain.delivery import Repository
from app.github.auth import App, Host
from app.github.homes import Homes, Readers
from app.github.oidc import Issuer, Verifier
from app.github.runs import RepositoryRuns
from app.sandbox.state import WorkflowRun
from app.store.database import Database
from app.store.maps import Kept, StoredMaps
from app.store.recalls import Recalls
from app.store.shelf import KeptMaps
from app.store.tokens import UsedTokens
from app.workflows.ports import Gate, Learning
from tests.analysis.testmap.build import map_bytes
from tests.shop import SHOP, Shop

AUDIENCE = "https://recall.example"
HOST = "sandbox"


@dataclass
class Arrivals:
    """One shop and one database behind one gate."""

    shop: Shop
    database: Database
    size: int = 1 << 20

    def __post_init__(self) -> None:
        self.database.migrate()
        sandbox, app = self.shop.sandbox, self.shop.app
        self.stored = StoredMaps(self.database)
        self.shelf = KeptMaps(self.stored, HOST)
        self.limits = replace(LIMITS, size=self.size)
        self.app = App(Host(sandbox.api_url, sandbox.url), app.id, app.private_key)
        verify = Verifier(Issuer(sandbox.issuer.url), AUDIENCE)
        used = UsedTokens(self.database)
        self.gate = Gate(
            verify, used.use, Homes(self.app), Readers(self.app.host), self.shelf, Recalls(self.database).recalls, self.limits
        )

    def token(self, run: WorkflowRun, **claims: object) -> str:
        """A token of that run; `claims` replace what it says."""
        issuer = self.shop.sandbox.issuer
        return issuer.sign(issuer.claims(run, AUDIENCE) | claims)

    def push(self) -> WorkflowRun:
        """A run for the tip of the default branch."""
        return self.shop.sandbox.start_run(SHOP)

    def kept(self, shop: Shop | None = None) -> list[Kept]:
        """What is kept of the shop."""
        return list(self.stored.segments(HOST, (shop or self.shop).repository.id))

    @property
    def home(self) -> Home:
        repository = self.shop.repository
        known = Repository(repository.id, repository.full_name, repository.visibility, repository.default_branch)
        return Home(known, self.shop.installation.id)

    @property
    def learning(self) -> Learning:
        tokens = self.app.on(self.shop.installation.id, self.shop.repository.id)
        return Learning(RepositoryRuns(self.app.host, tokens, self.home.repository), self.shelf, self.home, self.limits)


def map_of(tested: WorkflowRun, /, **about: object) -> bytes:
    """A map of the commit that the run tested."""
    return map_bytes(**{"commit": tested.sha, **about})  # type: ignore[arg-type]


def zipped(**files: bytes) -> bytes:
    """An archive of those files; `_` in a name is a dot."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def zipped_folder(folder: Path) -> bytes:
    """An archive of what lies in a folder, as an artifact of it is."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return out.getvalue()
