"""Which findings a card showed, as a short word that travels in its button: the tap knows what its reader had seen.

A finding is known by its key and its strength. What stands in its sentence may move with the organisation's other
claims (a median, what is left of a budget) and does not make another finding of it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from handlers.policies.base import Finding

LENGTH = 4  # letters for a finding: 24 bits
MOST = 16  # findings told one by one; with its signature the button stays under LINE's 300 characters
ALL = "*"


def word(findings: Sequence[Finding]) -> str:
    """A few letters for each finding; one word for all of them where they are many; empty for none."""
    each = sorted({_letters(f"{finding.key}|{finding.strength}") for finding in findings})
    return "".join(each) if len(each) <= MOST else ALL + _letters("".join(each), 12)


def unseen(findings: Sequence[Finding], shown: str) -> list[Finding]:
    """Those that were not among the findings of ``shown``."""
    if shown.startswith(ALL):
        return [] if shown == word(findings) else list(findings)
    known = {shown[at : at + LENGTH] for at in range(0, len(shown), LENGTH)}
    return [finding for finding in findings if _letters(f"{finding.key}|{finding.strength}") not in known]


def _letters(text: str, length: int = LENGTH) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:length].decode()
