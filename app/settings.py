"""Settings, read once from `RECALL_…` variables or a `.env`; nothing below can see the environment."""
