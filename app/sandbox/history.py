"""Which pull requests a commit belongs to, and the test merge of an open one, by GitHub's rules."""

from datetime import UTC, datetime

from app.git.run import GitFailed
from app.sandbox.gitfolder import Conflict, Person
from app.sandbox.state import Issue, Pull, Repository

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def pulls_of(repository: Repository, sha: str) -> list[Issue]:
    """For a commit on the default branch the merged pull requests that brought it; for any other the open and merged ones
    that have it. A squashed pull request's own commits are not on the default branch.
    """
    tip = repository.git.ref(f"refs/heads/{repository.default_branch}")
    landed = tip is not None and repository.git.contains(tip, sha)
    found = []
    for pull in repository.pulls():
        facts = pull.pull
        if facts and _brings(repository, facts, sha) and (facts.merged_at or (pull.state == "open" and not landed)):
            found.append(pull)
    return found


def trial_merge(pull: Issue) -> str | None:
    """The commit that merging an open pull request now would make, kept at `refs/pull/N/merge`; None for a conflict.

    Before merging, `merge_commit_sha` is this one: it lands nowhere.
    """
    facts, git = pull.pull, pull.repository.git
    tip = git.ref(f"refs/heads/{facts.base_ref}") if facts else None
    if facts is None or tip is None:
        return None
    if facts.trial is None or facts.trial[:2] != (tip, facts.head_sha):
        made = None
        base = git.merge_base(tip, facts.head_sha)
        try:
            if base:
                tree = git.merge_trees(base, tip, facts.head_sha)
                nobody = Person("GitHub", "noreply@localhost", _EPOCH)
                made = git.write_commit(tree, [tip, facts.head_sha], f"Merge {facts.head_sha} into {tip}", nobody)
                git.set_ref(f"refs/pull/{pull.number}/merge", made)
        except (Conflict, GitFailed):
            made = None
        facts.trial = (tip, facts.head_sha, made)
    return facts.trial[2]


def _brings(repository: Repository, facts: Pull, sha: str) -> bool:
    ends = {facts.head_sha, facts.merge_commit or facts.head_sha}
    return any(sha in repository.git.between(facts.base_sha, end) for end in ends)
