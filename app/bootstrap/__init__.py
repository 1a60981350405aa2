"""The only wiring: `github` opens what a job may reach, `perform` says what doing it means, `bot` is the served recall."""
