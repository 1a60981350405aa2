"""Ruby: RSpec or Minitest (with Rails' and Shoulda's dress on it), and the folder of the gem or application."""

import posixpath
import re

from app.analysis.runners.files import Files, above, join
from app.domain.suite import Framework, Suite

_RSPEC = re.compile(r"\bRSpec\.(?:describe|feature|shared_examples)\b|require ['\"](?:spec_helper|rails_helper)['\"]")
_MINITEST = re.compile(
    r"\bMinitest::|\bMiniTest::|require ['\"]minitest|\bActiveSupport::TestCase|\bActionDispatch::IntegrationTest|"
    r"\bTest::Unit::TestCase|require ['\"](?:test_helper|helper|abstract_unit|cases/helper)['\"]"
    r"|require_relative ['\"][^'\"]*helper['\"]"
)
_CLASSES = re.compile(r"^class \w[\w:]* < \w*(?:Test|TestCase|UnitTest)\b", re.MULTILINE)
_LIBRARIES = {
    "test-unit": re.compile(r"\bTest::Unit::TestCase"),
    "shoulda": re.compile(r"^\s*(?:should|context) ['\"]", re.MULTILINE),
    "minitest-spec": re.compile(r"minitest/spec|^describe ", re.MULTILINE),
    "rails": re.compile(r"\bActiveSupport::TestCase|\bActionDispatch::IntegrationTest|rails_helper"),
}


def find(path: str, files: Files) -> Suite | None:
    """By the file's own words, its name and folder, its neighbours' words, and `.rspec`."""
    near = files.neighbours(path)
    own = near[:1] if path in files.tree else ()
    framework = _worded(own, files) or _named(path) or _worded(near, files) or _configured(path, files)
    if framework is None:
        return None
    folder = _project(path, files)
    # Bundler takes the nearest Gemfile, which in a repository of many gems is often the one at the root.
    launcher: tuple[str, ...] = ("bundle", "exec") if files.nearest(path, "Gemfile") else ()
    texts = [files.text(each) for each in near]
    also = tuple(slug for slug, mark in _LIBRARIES.items() if any(mark.search(text) for text in texts))
    if framework is Framework.MINITEST and join(folder, "bin/rails") in files.tree:
        launcher, also = ("bin/rails",), tuple(dict.fromkeys((*also, "rails")))
    return Suite(framework, folder, launcher, also=also if framework is Framework.MINITEST else tuple({*also} & {"rails"}))


def _worded(paths: tuple[str, ...], files: Files) -> Framework | None:
    for path in paths:
        text = files.text(path)
        if _RSPEC.search(text):
            return Framework.RSPEC
        if _MINITEST.search(text) or _CLASSES.search(text):
            return Framework.MINITEST
    return None


def _named(path: str) -> Framework | None:
    name = posixpath.basename(path)
    if name.endswith("_spec.rb"):
        return Framework.RSPEC
    return Framework.MINITEST if name.endswith("_test.rb") or name.startswith("test_") else None


def _configured(path: str, files: Files) -> Framework | None:
    return Framework.RSPEC if files.nearest(path, ".rspec") else None


def _project(path: str, files: Files) -> str:
    """The nearest folder with a Gemfile, else with a gem's description or `.rspec`, else the root."""
    for folder in above(path):
        if join(folder, "Gemfile") in files.tree or join(folder, ".rspec") in files.tree or files.with_ending(folder, ".gemspec"):
            return folder
    return ""
