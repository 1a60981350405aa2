"""The only place that knows SQLModel: the database, its tables (which never leave), and one file per kind of record."""
