"""Which change let a bug in: what the guess is weighed by, and whose word wins over it. Reading git is left to `app.engine`."""
