"""Why the tests of a day could not see the bug that came in: by their texts, their imports and that day's test map.

What is read for it is `app.engine.green`'s, the checks that ran are `app.github`'s.
"""

from app.analysis.green.apart import Followed
from app.analysis.green.origin import at_origin, taken_from
from app.analysis.green.reasons import reason_for
from app.analysis.green.standing import Day, Standing

__all__ = ["Day", "Followed", "Standing", "at_origin", "reason_for", "taken_from"]
