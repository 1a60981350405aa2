"""What the demo plays: a repository with an escaped bug, its fix, and the issue; the shop of `shop/`, or a clone of your own."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.analysis import languages
from app.domain.errors import TellUser
from app.domain.history import PastCommit
from app.git.log import read_log
from app.git.repository import find_commit, open_repository
from app.git.run import run

SEARCHED = 2000

_SHOP = Path(__file__).parent / "shop"
_COMMITTER = {"GIT_COMMITTER_NAME": "shop", "GIT_COMMITTER_EMAIL": "shop@shop.example"}
# "Fix the total", "core: fix it", "fix(core): it", "Mend the total (fixes #4)"
_SAYS_FIX = re.compile(
    r"""^ (?: [\[(]? [\w/.-]+ [\])]? :? \s+ )?  (?: bug | hot )? -? fix (?: e[sd] )? \b
      | ^ [^\n]* \b bug \b
      | \b fix (?: e[sd] )? :? \s+ \S* \# \d""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Scene:
    """A repository on this machine, the commit before the fix and the fix, and what people write about them."""

    name: str
    source: Path
    base: str
    fix: str
    issue_title: str
    issue_body: str
    pull_title: str
    pull_body: str


def shop(folder: Path) -> Scene:
    """The shop, made commit by commit from its patches; the last one is the fix, which stays out of the main branch."""
    folder.mkdir(parents=True)
    *history, fix = sorted(str(patch) for patch in _SHOP.glob("*.patch"))
    run(folder, "init", "--quiet", "--initial-branch", "main", ".")
    _apply(folder, *history)
    base = run(folder, "rev-parse", "HEAD").decode().strip()
    _apply(folder, fix)
    return Scene(
        name="acme/shop",
        source=folder,
        base=base,
        fix=run(folder, "rev-parse", "HEAD").decode().strip(),
        issue_title="Orders of more than 100 pieces are charged without the discount",
        issue_body=(
            "A customer ordered 120 mugs through the shop and paid the full price: 1285.20 EUR instead of 1092.42 EUR.\n\n"
            "With exactly 100 pieces the 15% discount is there. This has been in production since March, and all tests are green."
        ),
        pull_title="Keep the discount for more than 100 pieces",
        pull_body="The table of tiers ended at 100 pieces; beyond it nothing matched and the full price was charged.",
    )


def newest_fix(path: Path) -> Scene:
    """The newest commit of a repository that says it fixes something and changes code. Raises TellUser where there is none."""
    repository = open_repository(path)
    head = find_commit(repository, "HEAD")
    fix = next((commit for commit in read_log(repository, head, SEARCHED) if _fixes_code(commit)), None)
    if fix is None:
        raise TellUser(f"None of the last {SEARCHED:,} commits of {path} says that it fixes something and changes code.")
    subject = fix.subject
    return Scene(
        name=f"demo/{_NOT_A_NAME.sub('-', path.resolve().name.removesuffix('.git')) or 'repository'}",
        source=path,
        base=find_commit(repository, f"{fix.sha}^"),
        fix=fix.sha,
        issue_title=subject,
        issue_body="This issue stands for the bug that the newest fix in this repository's history has fixed.",
        pull_title=subject,
        pull_body=fix.message.partition("\n")[2].strip(),
    )


def _fixes_code(commit: PastCommit) -> bool:
    """Merges change nothing by themselves and so never count; neither does a fix of the tests alone."""
    code = [one.path for one in commit.changes if languages.language_of(one.path) and not languages.is_test(one.path)]
    return bool(code) and bool(_SAYS_FIX.search(commit.message))


def _apply(folder: Path, *patches: str) -> None:
    run(folder, "am", "--quiet", "--committer-date-is-author-date", "--", *patches, extra=_COMMITTER)
