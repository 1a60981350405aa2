"""The only place that knows SQLModel."""
