"""What is answered of repositories that hide, lack or disguise what would tell the cause of a bug: a sentence, never a crash."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.culprit import Origin
from app.domain.errors import TellUser
from app.engine.culprit import trace
from app.engine.life import Facts, read_life
from app.git.repository import open_repository
from tests import histories
from tests.build import WorkingCopy, working_copy
from tests.histories import Story


def said(origin: Origin) -> dict[str, tuple[str, ...]]:
    return {one.reason: one.names for one in origin.unchecked}


def clone(story: Story, to: Path, *how: str) -> Path:
    story.copy.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(["git", "clone", "--quiet", "--bare", *how, story.path.as_uri(), to], check=True, capture_output=True)
    return to


def lose(story: Story, name: str, content: bytes | None = None) -> None:
    """Takes an object out of the repository, or puts something else in its place."""
    sha = story.copy.git("rev-parse", name)
    path = story.path / ".git" / "objects" / sha[:2] / sha[2:]
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def binary(copy: WorkingCopy) -> None:
    copy.commit("Draw", {"logo.png": b"\x89PNG\0\0\1"})
    copy.commit("Fix", {"logo.png": b"\x89PNG\0\0\2"})


def submodule(copy: WorkingCopy) -> None:
    for digit in "12":
        copy.git("update-index", "--add", "--cacheinfo", f"160000,{digit * 40},lib")
        copy.git("commit", "--quiet", "--message", "Point to it")


def link(copy: WorkingCopy) -> None:
    for target in ("cart.py", "tax.py"):
        (copy.path / "link.py").unlink(missing_ok=True)
        (copy.path / "link.py").symlink_to(target)
        copy.commit("Link")


def huge(copy: WorkingCopy) -> None:
    text = "\n".join(f"x{n} = {n}" for n in range(250_000))
    copy.commit("Count", {"count.py": text})
    copy.commit("Fix", {"count.py": text.replace("x77 = 77", "x77 = 78")})


@pytest.mark.parametrize(
    ("told", "reason", "names"),
    [
        (binary, "binary", ("logo.png",)),
        (submodule, "submodule", ("lib",)),
        (link, "symbolic-link", ("link.py",)),
        (huge, "too-large", ("count.py",)),
    ],
)
def test_a_fix_of_what_has_no_lines_is_said(
    tmp_path: Path, told: Callable[[WorkingCopy], None], reason: str, names: tuple[str, ...]
) -> None:
    copy = working_copy(tmp_path)
    copy.commit("Begin")
    told(copy)
    origin = trace(copy.path, "HEAD")
    assert (origin.culprit, origin.suspects) == (None, ())
    assert said(origin) == {reason: names}


def nothing(copy: WorkingCopy) -> None:
    copy.commit("Fix")


def executable(copy: WorkingCopy) -> None:
    (copy.path / "cart.py").chmod(0o755)
    copy.commit("Fix")


def moved(copy: WorkingCopy) -> None:
    copy.git("mv", "cart.py", "basket.py")
    copy.commit("Fix")


def added(copy: WorkingCopy) -> None:
    copy.commit("Fix", {"tax.py": "RATE = 19\n"})


@pytest.mark.parametrize("told", [nothing, executable, moved, added])
def test_a_fix_that_changes_no_line_has_nothing_to_trace(tmp_path: Path, told: Callable[[WorkingCopy], None]) -> None:
    copy = working_copy(tmp_path)
    copy.commit("Begin", {"cart.py": histories.CART})
    told(copy)
    origin = trace(copy.path, "HEAD")
    assert (origin.culprit, said(origin)) == (None, {"culprit-nothing-to-trace": ()})


def test_nothing_is_before_the_first_commit(tmp_path: Path) -> None:
    story = histories.plain(tmp_path / "shop")
    with pytest.raises(TellUser, match="first commit of its history"):
        trace(story.path, story.told["root"])


def test_a_file_that_was_deleted_is_traced(tmp_path: Path) -> None:
    story = histories.begun(tmp_path / "shop")
    story.copy.commit("Fix", {"shop/tax.py": None})
    assert trace(story.path, "HEAD").suspects[0].subject == "Found the shop"


@pytest.mark.parametrize("depth", [2, 3])
def test_where_a_shallow_clone_ends_is_nobodys_cause(tmp_path: Path, depth: int) -> None:
    path = clone(histories.plain(tmp_path / "shop"), tmp_path / "shallow", f"--depth={depth}")
    origin = trace(path, "HEAD")
    assert (origin.culprit, said(origin)) == (None, {"shallow": ()})


def test_a_shallow_clone_that_holds_the_cause_names_it(tmp_path: Path) -> None:
    story = histories.plain(tmp_path / "shop")
    origin = trace(clone(story, tmp_path / "shallow", "--depth=9"), "HEAD")
    assert (origin.culprit, said(origin)) == (story.told["bug"], {"shallow": ()})


def test_files_that_a_partial_clone_lacks_are_said(tmp_path: Path) -> None:
    path = clone(histories.plain(tmp_path / "shop"), tmp_path / "partial", "--filter=blob:none")
    origin = trace(path, "HEAD")
    assert (origin.culprit, said(origin)) == (None, {"missing-blob": ("shop/cart.py",)})


def test_a_clone_without_trees_is_said_with_the_remedy(tmp_path: Path) -> None:
    path = clone(histories.plain(tmp_path / "shop"), tmp_path / "partial", "--filter=tree:0")
    with pytest.raises(TellUser, match="partial clone: make one without --filter"):
        trace(path, "HEAD")


@pytest.mark.parametrize("content", [None, b"xx"], ids=["lost", "corrupt"])
def test_a_past_version_that_is_not_there_is_said(tmp_path: Path, content: bytes | None) -> None:
    story = histories.plain(tmp_path / "shop")
    lose(story, f"{story.told['bug']}:shop/cart.py", content)
    assert said(trace(story.path, "HEAD"))["culprit-blame-cut"] == ("shop/cart.py",)


def test_a_commit_that_is_not_there_is_said(tmp_path: Path) -> None:
    story = histories.plain(tmp_path / "shop")
    lose(story, story.told["bug"])
    assert said(trace(story.path, "HEAD"))["culprit-history-cut"] == ("shop/cart.py",)


def test_a_graft_does_not_stop_it(tmp_path: Path) -> None:
    story = histories.plain(tmp_path / "shop")
    (story.path / ".git" / "info").mkdir(exist_ok=True)
    (story.path / ".git" / "info" / "grafts").write_text(f"{story.told['bug']}\nno sha at all\n")
    assert trace(story.path, "HEAD").culprit == story.told["bug"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("diff.orderFile", "/nowhere"),
        ("diff.interHunkContext", "9"),
        ("diff.noprefix", "true"),
        ("diff.external", "false"),
        ("diff.relative", "true"),
        ("diff.renames", "false"),
        ("log.showRoot", "false"),
        ("log.follow", "true"),
        ("log.diffMerges", "separate"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("color.ui", "always"),
        ("blame.ignoreRevsFile", ".git-blame-ignore-revs"),
        ("blame.date", "garbage"),
        ("core.abbrev", "4"),
    ],
)
def test_what_a_repository_configures_changes_nothing(tmp_path: Path, name: str, value: str) -> None:
    story = histories.as_old_as_the_root(tmp_path / "shop")
    before = trace(story.path, "HEAD")
    story.copy.git("config", name, value)
    assert trace(story.path, "HEAD") == before


def test_a_configuration_that_git_refuses_is_one_sentence(tmp_path: Path) -> None:
    story = histories.plain(tmp_path / "shop")
    story.copy.git("config", "diff.renameLimit", "garbage")
    with pytest.raises(TellUser, match="bad numeric config value"):
        trace(story.path, "HEAD")


def test_names_and_texts_in_no_known_encoding_are_read(tmp_path: Path) -> None:
    copy = working_copy(tmp_path)
    name = b"caf\xe9.py".decode(errors="surrogateescape")
    copy.commit("Begin", {name: 'a = "é"\nb = 1\n'.encode("latin-1")})
    broke = copy.commit("Break", {name: 'a = "ü"\nb = 1\n'.encode("latin-1")})
    copy.commit("Fix", {name: 'a = "é"\nb = 1\n'.encode("latin-1")})
    assert trace(copy.path, "HEAD").culprit == broke


def test_signs_that_recall_itself_puts_between_commits_are_read_as_text(tmp_path: Path) -> None:
    text = "a = 1\rb = 2\rc\x0c = {}\u2028d = 4\n\x01abc {} \x02boo\n"
    copy = working_copy(tmp_path)
    copy.commit("Begin", {"a.py": text.replace("{}", "3")})
    broke = copy.commit("\x01Break \x02it", {"a.py": text.replace("{}", "4")})
    copy.commit("Fix", {"a.py": text.replace("{}", "3")})
    assert trace(copy.path, "HEAD").culprit == broke


def test_a_history_of_ten_thousand_commits_on_one_file_is_bounded(tmp_path: Path) -> None:
    copy = working_copy(tmp_path)
    head = copy.commit("Begin", {"cart.py": "rate = 0\n"})
    stream = []
    for n in range(1, 10_001):
        text = f"rate = {n}\n"
        stream.append(f"commit refs/heads/main\ncommitter dev <dev@example.com> {1_700_000_000 + n} +0000\ndata 4\nTurn\n")
        stream.append((f"from {head}\n" if n == 1 else "") + f"M 644 inline cart.py\ndata {len(text)}\n{text}\n")
    copy.git("fast-import", "--quiet", "--force", stdin="".join(stream).encode())
    copy.git("reset", "--quiet", "--hard", "main")
    last = copy.git("rev-parse", "HEAD")
    copy.day = 2000
    copy.commit("Fix", {"cart.py": "rate = -1\n"})
    origin = trace(copy.path, "HEAD")
    assert origin.suspects[0].sha == last
    assert not origin.unchecked


def test_a_line_more_in_the_list_of_changes_is_nobodys_bug(tmp_path: Path) -> None:
    copy = working_copy(tmp_path)
    copy.commit("Begin", {"changes.xml": "<a/>\n<b/>\n", "cart.py": histories.CART})
    copy.commit("Fix the cart (#2)", {"changes.xml": "<a/>\n<c/>\n<b/>\n"})
    origin = trace(copy.path, "HEAD")
    assert (origin.suspects, said(origin)) == ((), {"culprit-changelog-alone": ("changes.xml",)})


def undated(copy: WorkingCopy, date: bytes) -> str:
    """The last commit again, with that instead of its dates."""
    told = subprocess.run(["git", "-C", copy.path, "cat-file", "commit", "HEAD"], check=True, capture_output=True).stdout
    odd = re.sub(rb"(?m)^(author|committer) (.*>) .*$", lambda line: line[1] + b" " + line[2] + date, told)
    make = ["git", "-C", copy.path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    made = subprocess.run(make, input=odd, check=True, capture_output=True).stdout.decode().strip()
    copy.git("reset", "--quiet", "--hard", made)
    return made


@pytest.mark.parametrize("date", [b"", b" -5 +0000", b" " + b"9" * 25 + b" +0000", b" " + b"9" * 5000 + b" +0000"])
@pytest.mark.parametrize("odd", ["cause", "fix"])
def test_a_commit_without_a_date_of_any_clock_is_named_like_any_other(tmp_path: Path, date: bytes, odd: str) -> None:
    copy = working_copy(tmp_path / "repo")
    copy.commit("Total", {"cart.py": "def total(x):\n    return round(x, 2)\n"})
    cause = copy.commit("Round twice", {"cart.py": "def total(x):\n    return round(round(x), 2)\n"})
    cause = undated(copy, date) if odd == "cause" else cause
    fix = copy.commit(f"Round once\n\nFixes: {cause}", {"cart.py": "def total(x):\n    return round(x, 2)\n"})
    fix = undated(copy, date) if odd == "fix" else fix
    assert trace(copy.path, fix).culprit == cause
    assert cause in {suspect.sha for suspect in trace(copy.path, fix, speech=None).suspects}
    life, unchecked = read_life(open_repository(copy.path), cause, f"{fix}~", fix, Facts())
    assert (life.introduced == "", life.fixed == "", life.days, unchecked) == (odd == "cause", odd == "fix", None, ())
