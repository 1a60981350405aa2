"""The part of `docs/configuration.md` that is made from the table of keys."""

from app.analysis.settings.commented import commented, written
from app.analysis.settings.keys import DEFAULTS, KEYS, Key

PATH = "docs/configuration.md"


def section() -> str:
    """Every key with what it is for, its default and an example; then a whole file."""
    rows = "\n".join(_row(key) for key in KEYS)
    return (
        "## Keys\n\n| key | what it settles | takes | by itself | for example |\n|---|---|---|---|---|\n"
        f"{rows}\n\n## A whole file\n\nEvery key, as `recall init` writes them; each `#` that goes puts one in force.\n\n"
        f"```yaml\n{commented({})}```\n"
    )


def _row(key: Key) -> str:
    default = DEFAULTS[key.name]
    shown = "-" if default in (None, "", []) else f"`{written(default)}`"
    cells = (f"`{key.name}`", key.says, key.form.wanted, shown, f"`{written(key.example)}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
