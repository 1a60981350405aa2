"""Errors that say who must act; the kinds decide what becomes of a job, the sentence is what a person reads."""

from datetime import datetime


class RecallError(Exception):
    """Base of every error that recall raises on purpose. `str(error)` is one clear sentence naming the thing and the remedy.

    They are written into a queue's checkpoints, so each has to survive pickling.
    """


class TellUser(RecallError):
    """A person has to do something (a typo, a shallow clone, a missing permission). Never retried; exit code 2."""


class TryLater(RecallError):
    """It may work later: a rate limit, a server error, a time-out. `at` is when, if the other side named a moment."""

    def __init__(self, sentence: str, at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.at = at

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (str(self), self.at))


class GiveUp(RecallError):
    """Final, nobody has to act: the issue was deleted, the repository archived, the installation suspended.

    `state` is the stable slug under which that final state is stored and logged.
    """

    def __init__(self, sentence: str, state: str) -> None:
        super().__init__(sentence)
        self.state = state

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (str(self), self.state))


class Unproven(TellUser):
    """Who asks could not be proved: a missing, forged, ended or used token."""


class NotAllowed(TellUser):
    """Who asks is known, and may not."""
