"""The one comment that recall keeps somewhere for one purpose: found by its marker and its author, made once, edited in place.

What it says, and when it is there, is left to whoever keeps it.
"""

from app.domain.comment import Comment
from app.domain.delivery import Actor
from app.domain.errors import TryLater
from app.workflows.ports import Forge


def ours(forge: Forge, number: int, begins: str) -> list[Comment]:
    """Our comments there that begin so, oldest first. The author counts as well, since anyone can paste a marker."""
    me = forge.me()
    found = (one for one in forge.comments(number) if one.body.startswith(begins) and _is(one.author, me))
    return sorted(found, key=lambda comment: comment.id)


def post(forge: Forge, number: int, begins: str, body: str) -> Comment:
    """Posts once. An answer that was lost may hide a comment that was made, so it is looked for before the job tries again."""
    try:
        return forge.create_comment(number, body)
    except TryLater as lost:
        found = ours(forge, number, begins) if lost.at is None else []
        if not found:
            raise
        return found[0]


def edit(forge: Forge, comment: Comment, body: str) -> Comment:
    """The comment as it should be; written only where it says something else."""
    return comment if same(comment.body, body) else forge.update_comment(comment.id, body)


def same(one: str, other: str) -> bool:
    """GitHub may give line ends and trailing blanks back differently from how they were sent."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def _is(author: Actor | None, me: Actor) -> bool:
    return author is not None and author.login.casefold() == me.login.casefold() and author.type == me.type
