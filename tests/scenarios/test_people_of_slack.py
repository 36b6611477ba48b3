"""Who may come in on Slack: by e-mail address; never guests, bots, or people of other workspaces. And channels."""

from __future__ import annotations

import pytest

from tests.fakes.slack import SlackServer
from tests.fakes.slack_delivery import HttpDelivery
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_socket import SocketDelivery
from tests.fakes.waiting import wait_until
from tests.scenarios.play import Play
from tests.scenarios.script import administrator, colleague, dialogue, newcomer, receipt, supervisor, worker
from tests.scenarios.stage import SlackHands
from tests.scenarios.town import Town

NOTHING_KEPT = newcomer.never_sees("¥1,510")


def meet(town: Town, **flags: bool) -> Play:
    """A household and a newcomer of this kind."""
    play = town.play("slack")
    cast = dict(play.cast)
    cast["newcomer"] = town.newcomer("slack", **flags)
    return Play(cast, idle=town.server.idle)


def test_an_address_that_the_administrator_added_is_enough(town: Town) -> None:
    play = meet(town, known_by_email=True)
    play.play(
        dialogue(
            "let in by e-mail",
            administrator.commands("add 新しい人 {newcomer.email} manager={supervisor.email}"),
            administrator.sees("{name} was added."),
            newcomer.sends(receipt("喫茶ひかり", 1500)),
            newcomer.taps("Submit", on=("¥1,500",)),
            supervisor.sees("¥1,500", "新しい人"),
        )
    )


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
def test_a_guest_is_refused_even_with_a_known_address(town: Town, flag: str) -> None:
    play = meet(town, known_by_email=True, **{flag: True})
    play.play(
        dialogue(
            "a guest",
            administrator.commands("add お客さま {newcomer.email} manager={supervisor.email}"),
            administrator.sees("{name} was added."),
            newcomer.sends(receipt("喫茶ひかり", 1510)),
            newcomer.sees("Guests of a workspace cannot use this bot. Please ask your administrator."),
            NOTHING_KEPT,
        )
    )


def test_somebody_of_a_connected_workspace_is_refused(town: Town) -> None:
    play = meet(town, known_by_email=True, is_stranger=True)
    town.slack.space.users[play.cast["newcomer"].hands.phone.user.id].team = "T0ELSEWHERE"
    play.play(
        dialogue(
            "a stranger",
            newcomer.sends(receipt("喫茶ひかり", 1510)),
            newcomer.sees("This bot belongs to another workspace. People of other workspaces cannot use it."),
            NOTHING_KEPT,
        )
    )


def test_another_bot_is_not_answered(town: Town) -> None:
    play = meet(town, is_bot=True)
    play.play(dialogue("a bot", newcomer.says("こんにちは"), newcomer.waits(), newcomer.never_sees("")))


def test_a_workspace_that_did_not_install_the_app_gets_nothing(town: Town) -> None:
    other = town.slack.add_workspace("よその町", "yoso-machi")
    play = Play({"newcomer": town.newcomer("slack", team=other)}, idle=town.server.idle)
    play.play(dialogue("elsewhere", newcomer.sends(receipt("喫茶ひかり", 1510)), newcomer.waits(), NOTHING_KEPT))


def test_a_photo_in_a_channel_is_answered_in_its_thread_and_is_its_senders_own(town: Town) -> None:
    play = town.play("slack")
    here = [play.cast[role].hands.phone for role in ("worker", "colleague")]
    channel = town.slack.add_channel("keihi", *(phone.user for phone in here))
    for role, phone in zip(("worker", "colleague"), here, strict=True):
        in_channel = SlackPhone(town.slack, phone.user, channel)
        play.cast[role].hands = SlackHands(in_channel)
    play.play(
        dialogue(
            "in a channel",
            worker.sends(receipt("喫茶ひかり", 1520), note="@keihi お願いします"),
            worker.sees("¥1,520", "お願いします"),
            worker.keeps("draft", "¥1,520"),
            colleague.taps("Submit", kept="draft"),
            colleague.sees("Only {name} can do this: it is their claim.", worker.name),
            worker.never_sees("Only {name} can do this: it is their claim."),
            worker.taps("Submit", kept="draft"),
            supervisor.sees("¥1,520", worker.name),
        )
    )
    photo, card = (next(m for m in play.cast["worker"].messages if word in m.text) for word in ("お願い", "¥1,520"))
    assert card.raw.thread_ts == photo.raw.ts


def test_words_that_would_ring_everybody_stay_words(town: Town) -> None:
    play = town.play("slack")
    play.play(
        dialogue(
            "a loud purpose",
            worker.sends(receipt("喫茶<!channel>ひかり", 1530)),
            worker.taps("Edit", on=("¥1,530",)),
            worker.fills({"Purpose": "<!here> *至急* & <@U123> _確認_"}),
            worker.taps("Submit", on=("至急",)),
            supervisor.sees("¥1,530", "至急"),
        )
    )
    for role in ("worker", "supervisor"):
        for seen in play.cast[role].messages:
            assert seen.alerts == (), seen.text


def test_the_same_story_in_socket_mode(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No open port: everything comes over the app's own connection to Slack, also after Slack asks it to reconnect."""
    from tests.fakes.line import LineServer
    from tests.fakes.server import Server

    folder = tmp_path_factory.mktemp("socket")
    with SlackServer() as slack, LineServer() as line, SocketDelivery(slack) as socket:
        with Server(folder, slack=slack, slack_app_token=slack.app_token) as server:
            slack.delivery = socket
            wait_until(lambda: socket.connections, 30, what=server.tail)
            town = Town(server, slack, line)
            town.settle(folder, {"slack": 1})
            play = town.play("slack")
            play.play(
                dialogue(
                    "photo to approval",
                    worker.sends(receipt("喫茶ひかり", 1540)),
                    worker.taps("Edit", on=("¥1,540",)),
                    worker.fills({"Purpose": "庁舎の打合せ"}),
                    worker.sees("庁舎の打合せ"),
                )
            )
            socket.disconnect()
            wait_until(lambda: socket.opened >= 2 and socket.connections, 30, what=server.tail)
            play.play(
                dialogue(
                    "goes on",
                    worker.taps("Submit", on=("庁舎の打合せ",)),
                    supervisor.taps("Approve", on=("¥1,540",)),
                    worker.sees("Approved by {who} ({when})"),
                    worker.commands("whoami"),
                    worker.sees(supervisor.name),
                )
            )
        assert not isinstance(slack.delivery, HttpDelivery)
