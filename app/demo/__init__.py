"""The demo: an escaped bug in a real repository, on a sandbox GitHub, answered by the real server. No account, no network."""
