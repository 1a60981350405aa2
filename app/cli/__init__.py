"""The `recall` command."""


def main() -> None:
    """The command line."""
