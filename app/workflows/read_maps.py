"""Who may read a repository's test maps: whoever can read the repository, and the repository's own runs."""

from app.domain.errors import NotAllowed, Unproven
from app.workflows.ports import Gate

HIDDEN = "There is no such repository, or this token may not read it."


def readable(token: str, full_name: str, gate: Gate) -> int:
    """The id of the repository whose maps that token may read. Raises Unproven for a bad token, and NotAllowed in the same
    words for a repository that is not there and for one that the token may not read.
    """
    if token.count(".") != 2 or not token.startswith("ey"):
        return gate.read(token, full_name).id
    proof = gate.verify(token)
    if proof.run.repository.casefold() != full_name.casefold():
        raise NotAllowed(HIDDEN)
    if not gate.use(proof.token, proof.ends):
        raise Unproven("The token was used before; ask the runner for a fresh one.")
    return proof.run.repository_id
