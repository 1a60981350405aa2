"""Who may be told of a repository: nobody who could not see it. Asking GitHub for visibilities is left to the callers."""

_HIDDEN = {"public": 0, "internal": 1, "private": 2}


def may_be_named(visibility: str, where: str) -> bool:
    """Whether everybody who reads in a repository of visibility `where` may know of one of `visibility`.

    What is unknown counts as hidden where it is to be named, and as open where it is to be read.
    """
    return _HIDDEN.get(visibility, 2) <= _HIDDEN.get(where, 0)
