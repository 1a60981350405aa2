"""A small GitHub on your own machine, over real git repositories: the demo and the tests use it; recall itself never does."""

from app.sandbox.people import Person
from app.sandbox.sandbox import Sandbox

__all__ = ["Person", "Sandbox"]
