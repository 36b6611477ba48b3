"""Every sentence that a person reads, in their language.

The English sentence is the msgid; the files of ``ja/`` (gettext, one a subject) hold the Japanese. They are read at the
first use, so no compiled file is kept or needed. ``tests/handlers/test_texts.py`` fails when a sentence has no
Japanese, or two.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = ("ja", "en")
DEFAULT = "ja"


@lru_cache
def catalogue(locale: str) -> dict[str, str]:
    """msgid → text; empty for English and unknown locales."""
    texts: dict[str, str] = {}
    for file in sorted(Path(__file__).with_name(locale).glob("*.po")):
        with file.open("rb") as lines:
            texts |= {str(entry.id): str(entry.string) for entry in read_po(lines) if entry.id and entry.string}
    return texts


def t(locale: str, text: str, /, **values: object) -> str:
    """``text`` in the person's language, its ``{braces}`` filled with ``values``."""
    sentence = catalogue(locale or DEFAULT).get(text, text)
    return sentence.format(**values) if values else sentence
