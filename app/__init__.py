"""recall: what a fix says about the tests that missed the bug. Start at `app.domain`, then `app.workflows.report_escape`."""

__version__ = "0.1.0"
