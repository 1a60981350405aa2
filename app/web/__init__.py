"""The webhook server."""
