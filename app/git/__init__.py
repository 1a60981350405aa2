"""The only place that runs git: starting it, reading a repository in bulk, and keeping mirrors."""
