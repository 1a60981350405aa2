"""The escaped bug that proofs are tried on."""

from tests.escaped import own_python, shop

__all__ = ["own_python", "shop"]
