"""Pictures for platforms that fetch them from us: a signed address that names one picture of one organisation."""

from __future__ import annotations

from handlers.services import Services

_SALT = "picture"


def link(services: Services, organization_id: str, sha256: str) -> str:
    """The public address of a preview; empty without an https ``base_url``, since no platform takes another."""
    if not services.base_url.startswith("https://"):
        return ""
    return f"{services.base_url}/pictures/{services.keys.sign(_SALT, [organization_id, sha256])}.jpg"


def open_link(services: Services, token: str) -> bytes:
    """The JPEG that an address names. Raises ``Refusal`` for a forged one and ``BlobMissing`` when it is gone."""
    _, sha256 = services.keys.unsign(_SALT, token)
    return services.blobs.get(str(sha256))
