"""One file per language: its symbols, imports and test conventions."""
