"""Which pull requests a commit belongs to, by GitHub's rule."""

from app.sandbox.state import Issue, Pull, Repository


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


def _brings(repository: Repository, facts: Pull, sha: str) -> bool:
    ends = {facts.head_sha, facts.merge_commit or facts.head_sha}
    return any(sha in repository.git.between(facts.base_sha, end) for end in ends)
