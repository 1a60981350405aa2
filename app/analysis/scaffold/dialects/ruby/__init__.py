"""Ruby tests for RSpec and Minitest, and for what dresses Minitest up: its specs, Rails' cases, Shoulda."""

from collections.abc import Mapping

from app.analysis.scaffold.dialect import Dialect
from app.analysis.scaffold.dialects.ruby.dialect import Ruby
from app.domain.suite import Framework

DIALECTS: Mapping[Framework, Dialect] = {framework: Ruby(framework) for framework in (Framework.RSPEC, Framework.MINITEST)}
