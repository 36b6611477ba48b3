"""Every dialogue with every cast that it is written for."""

from __future__ import annotations

import pytest

from tests.scenarios.every import EVERY
from tests.scenarios.script import Dialogue
from tests.scenarios.town import Demo, Town

PLAYED = [pytest.param(dialogue, cast, id=f"{dialogue.title} [{cast}]") for dialogue, cast in EVERY]


@pytest.mark.parametrize(("dialogue", "cast"), PLAYED)
def test_dialogue(dialogue: Dialogue, cast: str, request: pytest.FixtureRequest) -> None:
    stage: Demo | Town = request.getfixturevalue("demo" if cast == "web" else "town")
    try:
        stage.play(cast).play(dialogue)
    except BaseException as error:
        error.add_note(f"--- the server's log\n{stage.server.tail(25)}")
        raise
