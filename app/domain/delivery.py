"""What a webhook delivery said, reduced to the few fields recall reads; verifying and parsing are `app.github.webhooks`'s."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as GitHub knows it; `id` is what survives a rename, `full_name` is what people read (`owner/name`)."""

    id: int
    full_name: str
    visibility: str = "public"
    default_branch: str = "main"
    archived: bool = False

    @property
    def owner(self) -> str:
        """The part of the full name before the slash."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The part of the full name after the slash."""
        return self.full_name.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Remote:
    """Where to fetch a repository's code from. `token` never goes into a URL, an argument or a log."""

    url: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever caused something: a login and the type GitHub gives it (`User`, `Bot`, `Organization`)."""

    login: str
    type: str = "User"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook delivery. `id` is the `X-GitHub-Delivery` GUID, the same again on a redelivery.

    `number` is the issue or pull request the event is about (`on_pull` says which); `label` the one label this delivery is
    about, `labels` all that the issue carried when it was sent; `text` the title and body that may name other issues (of a
    pull request or an issue; for a comment its body alone). For a workflow run `number` is the run, `run` what it is said to be.
    `comment` is the id of the comment that the event is about, `author` who wrote the comment, issue or pull request, `before`
    what an edited text was before. `draft` says that the pull request is one. `button` is the identifier of a check run's button
    that was pressed, `check` the check run's own external id. `configures` says that a push changed `.github/recall.yml` on the
    default branch, `rebased` that an edited pull request goes into another branch now.
    """

    id: str
    event: str
    action: str | None = None
    installation: int | None = None
    repository: Repository | None = None
    sender: Actor | None = None
    number: int | None = None
    label: str | None = None
    labels: tuple[str, ...] = ()
    on_pull: bool = False
    text: str = ""
    run: "RunSaid | None" = None
    comment: int | None = None
    author: Actor | None = None
    before: str = ""
    draft: bool = False
    button: str = ""
    check: str = ""
    configures: bool = False
    rebased: bool = False


@dataclass(frozen=True, slots=True)
class RunSaid:
    """What a delivery says of a workflow run: enough to tell whether it is worth a look. `head` is the id of the repository
    whose code it ran, None where that is gone.
    """

    event: str
    branch: str
    head: int | None
