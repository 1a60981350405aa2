"""Domain values become text through `templates/`; adds the marker and checks it. The one room that knows jinja."""
