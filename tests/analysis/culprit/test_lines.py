import pytest

from app.analysis.culprit.features.lines import states_version


@pytest.mark.parametrize("line", ["__version__ = '2.0.0'", '  "version": "1.4.0",', 'VERSION = "2.1.0-dev"', "version: '3.1',"])
def test_a_line_that_counts_the_version_up_is_known(line: str) -> None:
    assert states_version(line)


@pytest.mark.parametrize("line", ["version = read()", "if version == '1.0':", "conversion = '2.0'.split()", "version('1.0')", ""])
def test_a_line_that_does_something_with_a_version_is_code(line: str) -> None:
    assert not states_version(line)
