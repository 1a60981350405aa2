"""The commands of test frameworks: which one a repository uses, how single tests are run and collected, how results are read."""
