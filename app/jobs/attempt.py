"""What becomes of one attempt at a job: done, put off, waiting for a person, or given up on. Knows no queue."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import structlog

from app.domain.errors import GiveUp, RecallError, TellUser, TryLater
from app.domain.job import Job, Outcome
from app.store.jobs import Ending, Stage
from app.workflows.ports import Step

Made = TypeVar("Made")
Perform = Callable[[Job, Step], Outcome]

MAX_ATTEMPTS = 12  # with the delays below, about seven hours: longer than most outages
_FIRST_DELAY = 60.0
_LONGEST_DELAY = 3600.0
_LONGEST_NAMED_DELAY = 24 * 3600.0

log = structlog.get_logger(__name__)


class Broken(RecallError):
    """Something unforeseen; the log has the traceback under the reference that the sentence names."""


@dataclass(frozen=True, slots=True)
class Ended(Generic[Made]):
    """What an act made, or the error it ended in, as plain values: a checkpoint must not hold a live exception."""

    made: Made | None = None
    error: str | None = None
    sentence: str = ""
    at: datetime | None = None
    state: str = ""

    def result(self) -> Made:
        """What was made; raises the error again if there was one."""
        match self.error:
            case None:
                return self.made  # type: ignore[return-value]  # None is what was made, where Made is None
            case "TryLater":
                raise TryLater(self.sentence, self.at)
            case "GiveUp":
                raise GiveUp(self.sentence, self.state)
            case "TellUser":
                raise TellUser(self.sentence)
            case _:
                raise Broken(self.sentence)


def attempt(act: Callable[[], Made]) -> Ended[Made]:
    """Does it, and turns every error into a value. The one place where anything at all is caught."""
    try:
        return Ended(act())
    except TryLater as error:
        return Ended(error="TryLater", sentence=str(error), at=error.at)
    except GiveUp as error:
        return Ended(error="GiveUp", sentence=str(error), state=error.state)
    except TellUser as error:
        return Ended(error="TellUser", sentence=str(error))
    except Broken as error:
        return Ended(error="Broken", sentence=str(error))
    except Exception:
        reference = uuid.uuid4().hex[:12]
        log.exception("something unforeseen", reference=reference)
        return Ended(error="Broken", sentence=f"Something unforeseen happened; the log has it under {reference}.")


def ending(ended: Ended[Outcome], attempts: int) -> Ending | None:
    """How a job ended after one more attempt than `attempts`; None if it is to be tried again."""
    match ended.error:
        case None:
            outcome = ended.result()
            return Ending(Stage.DONE, outcome.state, outcome.sentence, outcome.next)
        case "TryLater" if attempts + 1 < MAX_ATTEMPTS:
            return None
        case "TryLater":
            return Ending(Stage.FAILED, "tried-too-often", f"{ended.sentence} (given up after {MAX_ATTEMPTS} attempts)")
        case "GiveUp":
            return Ending(Stage.DONE, ended.state, ended.sentence)
        case "TellUser":
            return Ending(Stage.BLOCKED, "needs-a-person", ended.sentence)
        case _:
            return Ending(Stage.FAILED, "broken", ended.sentence)


def delay(attempts: int, at: datetime | None, now: datetime | None = None) -> float:
    """Seconds until the next attempt: until `at` if a moment was named, else from a minute to an hour, doubling.

    Spread by a quarter (or, behind a named moment, over half a minute) so that many jobs do not come back at once.
    """
    if at is not None:
        left = (at - (now or datetime.now(UTC))).total_seconds()
        return min(max(left, 0.0), _LONGEST_NAMED_DELAY) + random.uniform(1, 30)  # noqa: S311  # no secret
    return min(_FIRST_DELAY * 2.0**attempts, _LONGEST_DELAY) * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
