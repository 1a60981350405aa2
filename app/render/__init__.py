"""Domain values become text through `templates/`; adds the marker and checks it. The one room that knows jinja."""

from app.render.comment import comment, report_markdown
from app.render.draft import draft_text, farewell
from app.render.machine import report_json

__all__ = ["comment", "draft_text", "farewell", "report_json", "report_markdown"]
