"""What a repository says about its own tests; reading that from `.github/recall.yml` is `app.analysis.settings`'s."""

from dataclasses import dataclass

from app.analysis.globs import Glob
from app.domain.evidence import Kind


@dataclass(frozen=True, slots=True)
class Overrides:
    """The globs by which a repository says which files are tests, of which kind, and which must never be named."""

    integration: tuple[Glob, ...] = ()
    e2e: tuple[Glob, ...] = ()
    unit: tuple[Glob, ...] = ()
    ignore: tuple[Glob, ...] = ()

    def kind(self, path: str) -> tuple[Kind, str] | None:
        """The kind the repository gives this file and the pattern that says so; None where it says nothing."""
        for kind, globs in ((Kind.INTEGRATION, self.integration), (Kind.E2E, self.e2e), (Kind.UNIT, self.unit)):
            for glob in globs:
                if glob.matches(path):
                    return kind, glob.pattern
        return None

    def ignores(self, path: str) -> bool:
        """Whether the repository wants this file never named as a test."""
        return any(glob.matches(path) for glob in self.ignore)


NONE = Overrides()
