"""A small GitHub on your own machine, over real git repositories."""
