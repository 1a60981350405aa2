"""What people and machines read of seams and of hidden failures."""

from dataclasses import replace

import pytest

from app.domain.report import Report
from app.domain.seam import Basis, Hiding, Seam, SeamKind, Severed, Swallowed
from app.render import seams, words
from app.render.links import Links
from app.render.machine_seams import seam_json, swallowed_json
from app.render.sentences import Sentences
from tests.render import build

MARKED = Sentences(words.markdown(), Links("https://github.com", "acme/shop", build.BASE))
PLAIN = Sentences(words.plain(), Links())
CUT = Severed("tests/test_checkout.py", 41, "mock.patch", "test_total")
SEAM = Seam("shop/checkout.py", "src/payments/client.py", SeamKind.MODULE, Basis.EXECUTED, 9, ("a", "b"), ("c",), ())


def report(*found: Seam, swallowed: tuple[Swallowed, ...] = ()) -> Report:
    return replace(build.report(), seams=found, swallowed=swallowed)


def said(*found: Seam, say: Sentences = PLAIN) -> list[str]:
    return [str(each) for each in seams.findings(report(*found), say)]


def test_sides_that_nobody_tests_together_are_named_with_their_numbers() -> None:
    assert said(SEAM) == [
        "Nobody tests together: shop.checkout → payments.client (2 tests run one side, 1 the other, none both)."
    ]


def test_what_follows_from_imports_is_not_said_to_have_run() -> None:
    assert said(replace(SEAM, basis=Basis.IMPORTS)) == [
        "Nobody tests together: shop.checkout → payments.client (2 test files lead to one side, 1 to the other, none to both)."
    ]


def test_a_seam_that_is_tested_is_only_listed() -> None:
    tested = replace(SEAM, tests_both=("a",))
    assert said(tested) == []
    assert [str(each) for each in seams.items(report(tested), PLAIN)] == [
        "shop.checkout → payments.client (another module, called in line 9): 2 tests run this side, 1 the other, 1 both"
    ]


def test_a_mock_on_the_path_is_named_with_its_place() -> None:
    (sentence,) = said(replace(SEAM, tests_both=("a",), severed_by=(CUT, replace(CUT, test="test_more"))))
    assert sentence == (
        "Cut by a mock: shop.checkout → payments.client, where tests/test_checkout.py::test_total replaces payments.client "
        "by a mock at line 41 (mock.patch), as 1 more does."
    )


def test_the_line_of_a_mock_leads_to_it() -> None:
    (sentence,) = said(replace(SEAM, tests_both=("a",), severed_by=(CUT,)), say=MARKED)
    assert f"[41](https://github.com/acme/shop/blob/{build.BASE}/tests/test_checkout.py#L41)" in sentence


def test_a_strangers_name_stays_a_name() -> None:
    (sentence,) = said(replace(SEAM, far="@team](x)", tests_both=()), say=MARKED)
    assert "<code>&#64;&#8203;team&#93;&#40;x&#41;</code>" in sentence


@pytest.mark.parametrize("hiding", Hiding)
def test_each_way_to_hide_a_failure_is_said_with_its_place(hiding: Hiding) -> None:
    (sentence,) = seams.findings(report(swallowed=(Swallowed("shop/checkout.py", 12, hiding, "checkout"),)), PLAIN)
    assert sentence.startswith("Failures are hidden on this path: checkout in shop/checkout.py line 12 ")


def test_machines_get_at_most_fifty_tests_and_how_many_there_are() -> None:
    told = seam_json(replace(SEAM, tests_near=tuple(f"t{n}" for n in range(80))))
    assert (len(told["tests_from"]), told["counts"]["from"]) == (50, 80)


def test_machines_get_the_slug_and_the_sentence_of_a_hidden_failure() -> None:
    told = swallowed_json(Swallowed("a.go", 3, Hiding.ERROR_BECOMES_NIL), PLAIN)
    assert (told["how"], told["sentence"]) == ("error-becomes-nil", "a.go line 3 gives nil in the place of an error.")


@pytest.mark.parametrize(
    ("path", "name"),
    [("src/payments/client.py", "payments.client"), ("shop/__init__.py", "shop"), ("web/cart.ts", "web/cart.ts")],
)
def test_a_python_module_goes_by_its_dotted_name(path: str, name: str) -> None:
    assert seams.part(path) == name
