"""Pure decisions: text and domain values in, domain values out; no I/O, no framework."""
