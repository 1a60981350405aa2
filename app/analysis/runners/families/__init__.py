"""One module per family of frameworks: the commands that run and collect its tests."""
