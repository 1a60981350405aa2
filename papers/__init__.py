"""Writes the papers in `docs/` that are made from the code, so that they cannot say what is no longer so."""
