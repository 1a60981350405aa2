"""`python -m app` is the `recall` command."""

from app.cli import main

main()
