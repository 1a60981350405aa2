"""The buttons of check runs; what pressing one does is `app.workflows.commands`'s."""

from app.domain.check import Button
from app.render import words


def buttons(*identifiers: str) -> tuple[Button, ...]:
    """The buttons of those names, with the words of `templates/words/button.j2`."""
    say = words.plain().say
    return tuple(Button(name, str(say("button", name)), str(say("button", f"{name}-why"))) for name in identifiers)
