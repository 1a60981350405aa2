"""The one queue: how a run of a job is entered into it, through dbos, in the caller's transaction."""

from dbos import DBOS, DBOSClient
from sqlmodel import Session

from app.store.database import Database
from app.store.jobs import Run

QUEUE = "recall-jobs"
# An incompatible change of what is stored for a run gets a new name, and the old one stays until its runs are gone.
WORKFLOW = "recall-job"
# Pinned: by default dbos takes a digest of the source, and would leave the runs of another version lying for ever.
VERSION = "1"
NAME = "recall"
_POLL_SECONDS = 0.2


class Queue:
    """Implements `app.store.jobs.Enqueue`. `concurrency` is how many runs one worker has under way at once."""

    def __init__(self, database: Database, concurrency: int) -> None:
        with database.alone():
            DBOS.migrate(database.url)
            self._client = DBOSClient(system_database_engine=database.engine, application_name=NAME)
            self._client.register_queue(
                QUEUE,
                partition_concurrency=1,
                worker_concurrency=concurrency,
                polling_interval_sec=_POLL_SECONDS,
                application_name=NAME,
            )

    def __call__(self, session: Session, run: Run, delay: float = 0.0) -> None:
        """Enters the run; it is there if and when the session commits."""
        options: dict[str, float] = {"delay_seconds": delay} if delay else {}
        self._client.enqueue_in_transaction(
            session,
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": run.name,
                "queue_partition_key": run.partition,
                "app_version": VERSION,
                **options,  # type: ignore[typeddict-item]
            },
            run.name,
        )

    def close(self) -> None:
        """Lets go of the client; the engine is its owner's."""
        self._client.destroy()
