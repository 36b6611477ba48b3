"""Adds the tests' reading engine to the registry of every Python process that has this folder on its path.

Reading happens in processes that the server starts itself, so the registry line must be there before any of them reads.
Python runs a module of this name at its start.
"""

from tests.fakes import plain_engine

plain_engine.register()
