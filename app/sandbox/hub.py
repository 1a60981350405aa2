"""The world together with what watches it: the webhooks that tell Apps of changes, the faults asked for, the token issuer."""

from pathlib import Path

from app.sandbox.faults import Faults
from app.sandbox.issuer import Issuer
from app.sandbox.webhooks import Webhooks
from app.sandbox.world import World


class Hub(World):
    """What every verb changes and every answer is made from."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.webhooks = Webhooks(self)
        self.faults = Faults(self)
        self.issuer = Issuer(self)
