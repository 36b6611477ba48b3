"""The menu under the conversation: LINE takes it, its words are commands, and a new one replaces the old."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.commands.line import menu
from bot.line.incoming import incoming
from bot.line.richmenu import HEIGHT, NAME, WIDTH, install_menu, picture, request
from bot.settings import Settings
from handlers.chat import Commanded, Said
from handlers.commands import is_command
from handlers.errors import PlatformBusy
from handlers.services import utc_now
from tests.fakes.http import ServerError
from tests.fakes.line import LineServer
from tests.fakes.line_rules import rich_menu_problems


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_fields_cover_the_picture_once(locale: str) -> None:
    drawn = Image.open(io.BytesIO(picture(locale)))
    assert drawn.size == (WIDTH, HEIGHT)
    assert rich_menu_problems(request(locale)) == []
    bounds = [area["bounds"] for area in request(locale)["areas"]]
    assert sum(one["width"] * one["height"] for one in bounds) == WIDTH * HEIGHT


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_what_a_field_says_is_understood_as_a_command(locale: str) -> None:
    said = [area["action"]["text"] for area in request(locale)["areas"] if area["action"]["type"] == "message"]
    assert len(said) == 3
    for text in said:
        event = {"type": "message", "source": {"userId": "U1"}, "message": {"type": "text", "id": "1", "text": text}}
        found = incoming(event, "Ubot", utc_now())
        assert found is not None
        assert isinstance(found.act, Commanded) or (isinstance(found.act, Said) and is_command(found.act.text))


def test_installing_again_replaces_only_our_own_menu(line: LineServer, settings: Settings) -> None:
    first = install_menu(settings)
    line.state.menus["richmenu-of-somebody"] = request("ja") | {"name": "another"}
    second = install_menu(settings)
    assert second != first
    assert set(line.state.menus) == {"richmenu-of-somebody", second}
    assert line.state.default_menu == second
    assert line.state.menus[second]["name"] == NAME
    assert Image.open(io.BytesIO(line.state.menu_pictures[second])).size == (WIDTH, HEIGHT)


def test_a_failure_leaves_the_old_menu_and_says_so(
    line: LineServer, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = install_menu(settings)
    line.data.faults.next("richmenu", ServerError(500), times=2)
    with pytest.raises(PlatformBusy):
        install_menu(settings)
    assert line.state.default_menu == first
    assert menu(settings) == 1
    assert "LINE did not take the menu" in capsys.readouterr().err
    assert menu(settings) == 0
    assert set(line.state.menus) == {line.state.default_menu}
