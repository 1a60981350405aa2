"""One module per form of results: what ran, how it ended, and what a failure told."""
