"""What the workflows need of the world, as protocols; `app.bootstrap` wires the real rooms to them."""

from app.workflows.ports.checks import Checks, Runs
from app.workflows.ports.commands import Commanding, Talk
from app.workflows.ports.configuration import Configuring
from app.workflows.ports.digest import Counting, Digests, Sending, Ticking
from app.workflows.ports.drafts import Drafting, Drafts, RenderDraft, Scaffolding
from app.workflows.ports.forge import Forge, Mirrors
from app.workflows.ports.maps import Gate, Learning, Shelf
from app.workflows.ports.proofs import CheckWords, Proving, RottenWords
from app.workflows.ports.records import Records, Watches
from app.workflows.ports.report import Explain, Outside, Render
from app.workflows.ports.review import Remarks, RemarkWords, ReviewChange, Reviewing
from app.workflows.ports.steps import Step, inline

__all__ = [
    "CheckWords",
    "Checks",
    "Commanding",
    "Configuring",
    "Counting",
    "Digests",
    "Drafting",
    "Drafts",
    "Explain",
    "Forge",
    "Gate",
    "Learning",
    "Mirrors",
    "Outside",
    "Proving",
    "Records",
    "RemarkWords",
    "Remarks",
    "Render",
    "RenderDraft",
    "ReviewChange",
    "Reviewing",
    "RottenWords",
    "Runs",
    "Scaffolding",
    "Sending",
    "Shelf",
    "Step",
    "Talk",
    "Ticking",
    "Watches",
    "inline",
]
