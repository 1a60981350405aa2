"""Where tests of each language put stand-ins, what for, and for which of their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.mocks import Mock, mocks
from app.domain.change import Span
from app.domain.seam import SeamKind

LANGUAGES = ["python", "javascript", "typescript", "vue", "go", "java"]


def found(language: str, source: str) -> list[Mock]:
    return list(mocks(language, source.encode()))


def one(language: str, source: str) -> Mock:
    (mock,) = found(language, source)
    return mock


def replaced(language: str, source: str) -> list[tuple[str, ...]]:
    return [(mock.target, *mock.names) for mock in found(language, source)]


def test_a_patched_name_holds_for_the_decorated_test() -> None:
    mock = one("python", "from unittest.mock import patch\n\n@patch('a.b.c')\ndef test_x(m):\n    pass\n")
    assert mock == Mock("mock.patch", 3, (Span(4, 5),), "a.b.c")


def test_a_patched_class_holds_for_all_its_tests() -> None:
    mock = one(
        "python", "from unittest import mock\n\n@mock.patch('a.b')\nclass TestX:\n    def test_y(self, m):\n        pass\n"
    )
    assert mock.scope == (Span(3, 6),)


def test_a_patch_in_set_up_holds_for_the_class() -> None:
    mock = one("python", "from unittest import mock\nclass T:\n    def setUp(self):\n        mock.patch('a.b').start()\n")
    assert mock.scope == (Span(2, 4),)


def test_a_patch_in_a_fixture_holds_for_the_tests_that_ask_for_it() -> None:
    source = (
        "import pytest\nfrom unittest import mock\n@pytest.fixture\ndef pay():\n    mock.patch('a.b')\n"
        "def test_a(pay):\n    pass\ndef test_b():\n    pass\n"
    )
    assert one("python", source).scope == (Span(6, 7),)


def test_a_patch_in_a_helper_holds_for_nobody_knows_whom() -> None:
    assert one("python", "from unittest import mock\ndef helper():\n    mock.patch('a.b')\n").scope == ()


def test_a_patched_object_is_followed_to_its_import() -> None:
    source = "from mock import patch\nfrom shop import client\ndef test_x():\n    with patch.object(client, 'pay'): ...\n"
    assert replaced("python", source) == [("shop", "client", "pay")]


def test_a_patch_that_hands_the_calls_on_replaces_nothing() -> None:
    assert found("python", "from mock import patch\ndef test_x():\n    patch('a.b', wraps=real)\n") == []


def test_a_patch_request_of_an_http_client_replaces_nothing() -> None:
    assert found("python", "def test_x(client):\n    client.patch('/cart/1')\n") == []


def test_monkeypatch_replaces_by_name_and_by_object() -> None:
    source = "from shop import client\ndef test_x(monkeypatch):\n    monkeypatch.setattr('a.b', 1)\n"
    source += "    monkeypatch.setattr(client, 'pay', 1)\n"
    assert replaced("python", source) == [("a.b",), ("shop", "client", "pay")]


def test_a_module_can_be_replaced_in_sys_modules() -> None:
    source = "import sys\nfrom unittest import mock\ndef test_x():\n    mock.patch.dict('sys.modules', {'pay': 1})\n"
    assert replaced("python", source) == [("pay",)]


@pytest.mark.parametrize(
    ("source", "library"),
    [
        ("import responses\n@responses.activate\ndef test_x():\n    pass\n", "requests"),
        ("def test_x(requests_mock):\n    pass\n", "requests"),
        ("import respx\ndef test_x():\n    respx.get('/')\n", "httpx"),
    ],
)
def test_a_library_that_answers_for_http_replaces_its_client(source: str, library: str) -> None:
    mock = one("python", source)
    assert (mock.kind, mock.library) == (SeamKind.HTTP, library)


def test_a_mocked_module_holds_for_the_whole_file() -> None:
    assert one("javascript", "jest.mock('../src/client');\n") == Mock("jest.mock", 1, None, "../src/client")


def test_a_module_mock_that_keeps_the_rest_replaces_only_its_keys() -> None:
    source = "vi.mock('./b', async () => ({ ...(await vi.importActual('./b')), pay: vi.fn() }));\n"
    assert replaced("typescript", source) == [("./b", "pay")]


def test_a_spy_that_only_watches_replaces_nothing() -> None:
    source = "import * as pay from './pay';\nit('x', () => { jest.spyOn(pay, 'charge'); });\n"
    assert found("typescript", source) == []


def test_a_spy_that_answers_replaces_the_method_in_its_test() -> None:
    source = "import * as pay from './pay';\nit('x', () => { jest.spyOn(pay, 'charge').mockReturnValue(1); });\n"
    assert one("typescript", source) == Mock("jest.spyOn", 2, (Span(2, 2),), "./pay", ("charge",))


def test_a_stub_in_before_each_holds_for_the_group() -> None:
    source = "const pay = require('./pay');\ndescribe('x', () => {\n  beforeEach(() => { sinon.stub(pay, 'charge'); });\n});\n"
    assert one("javascript", source).scope == (Span(2, 4),)


def test_nock_answers_for_http() -> None:
    assert one("javascript", "const nock = require('nock');\nit('x', () => { nock('https://x'); });\n").kind is SeamKind.HTTP


def test_a_test_server_answers_for_http_in_go() -> None:
    source = 'package a\nimport "net/http/httptest"\nfunc TestX(t *testing.T) {\n\ts := httptest.NewServer(nil)\n}\n'
    assert one("go", source) == Mock("httptest", 4, (Span(3, 5),), kind=SeamKind.HTTP)


def test_a_recorder_replaces_nothing() -> None:
    source = 'package a\nimport "net/http/httptest"\nfunc TestX(t *testing.T) {\n\ts := httptest.NewRecorder()\n}\n'
    assert found("go", source) == []


@pytest.mark.parametrize("made", ["mocks.NewMockClient(c)", "&fakeClient{}", "&mocks.Client{}", "newFakeClient()"])
def test_a_mock_of_go_stands_for_the_type_it_is_named_after(made: str) -> None:
    source = f'package a\nimport "x/mocks"\nfunc TestX(t *testing.T) {{\n\tc := {made}\n}}\n'
    assert one("go", source).stands_for == "Client"


def test_a_mocked_field_holds_for_the_whole_java_class() -> None:
    source = "package a;\nimport x.Client;\nclass ATest { @Mock private Client client; }\n"
    assert one("java", source) == Mock("@Mock", 3, None, "x.Client")


def test_a_mock_made_in_a_java_test_holds_for_it() -> None:
    source = "package a;\nimport x.Client;\nclass ATest {\n  @Test\n  void x() { mock(Client.class); }\n}\n"
    assert one("java", source) == Mock("mock()", 5, (Span(4, 5),), "x.Client")


def test_a_class_of_the_tests_own_package_is_found_without_an_import() -> None:
    assert replaced("java", "package a.b;\nclass ATest { @Mock Client c; }\n") == [("a.b.Client",)]


@pytest.mark.parametrize("language", LANGUAGES)
@given(source=st.text(alphabet="abf @patchmockjest.viFakespyOn(){}[]:;=,*'\"`\n\0\u00e9", max_size=200))
def test_no_source_is_too_broken(language: str, source: str) -> None:
    mocks(language, source.encode() + b" mock Fake")
