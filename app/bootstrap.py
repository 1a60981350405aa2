"""The only wiring: settings become the engine, the forge, the mirrors and the job table."""
