"""Proof: runs a repository's own tests in worktrees, where whoever asks is; never on the server, which reads receipts."""
