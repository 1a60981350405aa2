"""`.github/recall.yml`: its keys as one table, read, described and written from that table; fetching it is left to the caller."""
