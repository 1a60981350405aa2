"""The test map itself: how it is written and read back, and how its lines are carried from one commit to another."""
