"""Durable jobs; the only folder that knows dbos. `Intake` takes deliveries in, `Worker` runs their jobs."""

from app.jobs.attempt import Perform
from app.jobs.intake import Intake
from app.jobs.worker import Worker

__all__ = ["Intake", "Perform", "Worker"]
