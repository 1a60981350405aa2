"""A regression test, written from what the issue says, what the fix changed and how the neighbours look; one file per dialect."""
