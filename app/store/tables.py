"""The tables, one schema for SQLite and PostgreSQL; they never leave `app.store`. Times are seconds since 1970, UTC."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

PREFIX = "recall_"


def _big(*, primary_key: bool = False, nullable: bool = False, index: bool = False) -> "Column[int]":
    """A column for GitHub's numeric ids, which have outgrown 32 bits."""
    return Column(BigInteger, primary_key=primary_key, nullable=nullable, index=index, autoincrement=False)


class DeliveryRow(SQLModel, table=True):
    """A webhook delivery that asked for work."""

    __tablename__ = "recall_delivery"

    id: str = Field(primary_key=True, max_length=100)
    event: str
    action: str | None = None
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    received: float = Field(sa_column=Column(Float(53), nullable=False, index=True))


class JobRow(SQLModel, table=True):
    """One job. `key` is a digest of what is asked for, `run` counts its entries into the queue, `starts` those of this run."""

    __tablename__ = "recall_job"
    __table_args__ = (Index("ix_recall_job_key_state", "key", "state"),)

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=64)
    partition: str
    task: str
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    payload: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(max_length=20)
    run: int = 1
    starts: int = 0
    attempts: int = 0
    result: str | None = None
    sentence: str | None = Field(default=None, sa_column=Column(Text))
    created: float = Field(sa_column=Column(Float(53), nullable=False))
    ended: float | None = Field(default=None, sa_column=Column(Float(53), index=True))


class DeliveryJobRow(SQLModel, table=True):
    """Which jobs a delivery led to; several deliveries share a job that one of them found still waiting."""

    __tablename__ = "recall_delivery_job"

    delivery: str = Field(primary_key=True, max_length=100)
    job: str = Field(primary_key=True, max_length=32, index=True)


class RecallRow(SQLModel, table=True):
    """What is remembered of one issue."""

    __tablename__ = "recall_recall"

    repository_id: int = Field(sa_column=_big(primary_key=True))
    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    repository: str
    state: str = Field(max_length=30)
    comment_id: int | None = Field(default=None, sa_column=_big(nullable=True))
    fix_pull: int | None = Field(default=None, sa_column=_big(nullable=True))
    fix_head: str | None = None
    report: str | None = Field(default=None, sa_column=Column(Text))
    guard: str | None = Field(default=None, sa_column=Column(Text))
    title: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    said: str | None = Field(default=None, sa_column=Column(Text))
    course: str | None = Field(default=None, sa_column=Column(Text))
    updated: float = Field(sa_column=Column(Float(53), nullable=False))


class WatchRow(SQLModel, table=True):
    """What is remembered of a repository as a whole. `labels` is a JSON list."""

    __tablename__ = "recall_watch"

    repository_id: int = Field(sa_column=_big(primary_key=True))
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    repository: str
    visibility: str = Field(max_length=20)
    default_branch: str
    labels: str = Field(sa_column=Column(Text, nullable=False))
    due: float | None = Field(default=None, sa_column=Column(Float(53), index=True))
    read: float = Field(sa_column=Column(Float(53), nullable=False))
    collector: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    broken: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class FollowedRow(SQLModel, table=True):
    """A command that was followed."""

    __tablename__ = "recall_followed"

    repository_id: int = Field(sa_column=_big(primary_key=True))
    key: str = Field(primary_key=True, max_length=100)
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    when: float = Field(sa_column=Column(Float(53), nullable=False, index=True))


class WorkerRow(SQLModel, table=True):
    """A worker's sign of life."""

    __tablename__ = "recall_worker"

    id: str = Field(primary_key=True, max_length=100)
    beat: float = Field(sa_column=Column(Float(53), nullable=False))


class SegmentRow(SQLModel, table=True):
    """One segment of a test map. `dictionary` (its tests) and `results` are packed text, `size` counts the bytes of all of it."""

    __tablename__ = "recall_map_segment"
    __table_args__ = (
        # One map file is kept once, however often it arrives; every look-up begins with host and repository.
        Index(
            "ux_recall_map_segment",
            *("host", "repository_id", "commit", "suite", "shard", "baseline", "digest"),
            unique=True,
        ),
        # An id is never given twice, so that no reader takes the records of one segment for those of another.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    host: str
    repository_id: int = Field(sa_column=_big())
    installation: int | None = Field(default=None, sa_column=_big(nullable=True, index=True))
    commit: str = Field(max_length=64)
    baseline: bool
    branch: str
    run: str
    suite: str
    shard: int
    shards: int
    tool: str
    made: int = Field(sa_column=_big())
    grain: str = Field(max_length=20)
    digest: str = Field(max_length=64)
    dictionary: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    results: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    tests: int
    files: int
    size: int = Field(sa_column=_big())
    arrived: float = Field(sa_column=Column(Float(53), nullable=False))


class MapFileRow(SQLModel, table=True):
    """What a segment knows of one file. `key` is a digest of the path, which may be longer than an index takes."""

    __tablename__ = "recall_map_file"

    segment: int = Field(sa_column=Column(ForeignKey("recall_map_segment.id", ondelete="CASCADE"), primary_key=True))
    key: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    path: str = Field(sa_column=Column(Text, nullable=False))
    blob: str = Field(max_length=64)
    record: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class UsedTokenRow(SQLModel, table=True):
    """A token that was used, by the digest of its name."""

    __tablename__ = "recall_used_token"

    name: str = Field(primary_key=True, max_length=64)
    ends: float = Field(sa_column=Column(Float(53), nullable=False, index=True))
