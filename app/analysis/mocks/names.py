"""Stand-ins that are known by their names alone: `FakeClient`, `mockStore`, `StubGateway`, `storeMock`."""

import re

_FRONT = re.compile(r"^_?(?:Fake|Mock|Mocked|Stub|Stubbed|Dummy|fake|mock|mocked|stub|stubbed|dummy)_?([A-Z]\w+)$")
_BACK = re.compile(r"^_?([A-Za-z]\w+?)_?(?:Mock|Stub|Fake|Dummy)$")


def stands_for(name: str) -> str:
    """What the stand-in of that name takes the place of, empty where the name says nothing of the kind.

    `FakeClient` -> `Client`, `storeMock` -> `store`, `Client` -> ``.
    """
    found = _FRONT.match(name) or _BACK.match(name)
    return found[1] if found else ""
