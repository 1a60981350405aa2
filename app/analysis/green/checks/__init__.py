"""Whether a test was part of any check that a tree's own configuration runs: told only where all of it is understood.

One command that is not understood, or a service whose configuration is not read, and nothing is claimed. Conditions of jobs and
steps, branches and path filters are taken as met, which can only put more tests into the checks.
"""

from app.analysis.green.checks.left_out import LeftOut, left_out

__all__ = ["LeftOut", "left_out"]
