"""One file per thing recall does for people: gather, decide, act."""
