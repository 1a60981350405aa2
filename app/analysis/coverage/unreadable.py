"""The one error of all readers of coverage data and test results."""


class Unreadable(Exception):
    """What a reader was given cannot be read. `str(error)` is one sentence that says why and what to do.

    It does not name the file, which a reader does not know: whoever opened it puts the name before the sentence.
    """
