"""Domain values become text through `templates/`; adds the marker and checks it."""
