"""Adds the tests' reading engine to the registry of every Python process that has this folder on its path.

Reading happens in processes that the server starts itself, so the registry line must be there before any of them reads.
Python runs a module of this name at its start. Where a test sets the server's clock, it is put in here, too.
"""

from tests.fakes import clock, plain_engine

plain_engine.register()
clock.put_into_this_process()
