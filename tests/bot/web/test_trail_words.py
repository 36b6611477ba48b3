"""The administrator's audit line says in words what happened: no action of the code is shown by its code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.web.trail import action_words
from handlers.texts import LOCALES

ROOT = Path(__file__).parents[3]
RECORDED = re.compile(r'action="([a-z_]+\.[a-z_]+)"')


@pytest.mark.parametrize("locale", LOCALES)
def test_every_action_that_is_recorded_has_words(locale: str) -> None:
    code = [file.read_text(encoding="utf-8") for file in (ROOT / "handlers").rglob("*.py")]
    recorded = {action for text in code for action in RECORDED.findall(text)}
    assert len(recorded) > 30
    assert sorted(recorded - set(action_words(locale))) == []
