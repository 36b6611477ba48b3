"""Errors of storage.

::

    StorageError
    ├── WrongOrganization    a row of one organisation in a session of another: a programming error, never a person's
    └── BlobMissing          a receipt's bytes are not in the store
"""


class StorageError(Exception):
    """Root of storage errors."""


class WrongOrganization(StorageError):
    """A row was written outside the organisation that the session was opened for."""


class BlobMissing(StorageError):
    """No blob of this SHA-256 is stored."""
