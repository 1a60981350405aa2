"""The buttons of check runs keep to what GitHub takes and to what is understood when one is pressed."""

from dataclasses import replace

import pytest

from app.domain.delivery import Actor, Delivery, Repository
from app.render.buttons import buttons
from app.workflows.plan import plan
from tests.render.build import words_of

NAMES = [name for name in words_of("button") if name != "other" and not name.endswith("-why")]
PRESSED = Delivery("g", "check_run", "requested_action", 5, Repository(9, "acme/shop"), Actor("ada"), check="recall:v1 proof 7")


@pytest.mark.parametrize("name", NAMES)
def test_a_button_is_as_short_as_github_wants_it(name: str) -> None:
    (button,) = buttons(name)
    assert (len(button.identifier) <= 20, len(button.label) <= 20, len(button.description) <= 40) == (True, True, True)


@pytest.mark.parametrize("name", NAMES)
def test_whoever_presses_a_button_is_heard(name: str) -> None:
    assert len(plan(replace(PRESSED, button=name), label="escaped-bug", me=None)) == 1
