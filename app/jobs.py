"""Durable jobs; the only module that knows dbos."""
