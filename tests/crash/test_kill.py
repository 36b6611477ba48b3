"""kill -9 at the worst moments. After the restart there is exactly one draft, one card, one decision."""

from __future__ import annotations

import random
import time

import psutil
import pytest

from tests.fakes.http import Request, Silent, Slow
from tests.fakes.seen import Seen
from tests.fakes.waiting import wait_until
from tests.scenarios.play import Play, Player
from tests.scenarios.script import administrator, dialogue, receipt, supervisor, worker
from tests.scenarios.town import Town

AGAIN = 60.0  # seconds: the new process must first notice that the old one is dead


def kill_and_restart(town: Town) -> None:
    town.server.kill()
    town.server.start()


def cards(player: Player, *words: str) -> list[Seen]:
    return [m for m in player.messages if not m.mine and all(w in m.text for w in words)]


def called(town: Town, name: str) -> list[Request]:
    return [r for r in town.slack.requests if town.slack.call_name(r) == name]


def settled(town: Town, play: Play) -> None:
    wait_until(town.server.idle, AGAIN, what=lambda: f"the server does not come to rest\n{play.screens()}")


def send(play: Play, payee: str, total: int) -> None:
    play.play(dialogue("a photo", worker.sends(receipt(payee, total))))


def test_between_the_webhook_and_the_file(town: Town) -> None:
    play = town.play("slack")
    town.slack.faults.next("files.info", Silent(120))
    before = len(called(town, "files.info"))
    send(play, "喫茶ひかり", 1100)
    wait_until(lambda: len(called(town, "files.info")) > before)
    kill_and_restart(town)
    wait_until(lambda: cards(play.cast["worker"], "喫茶ひかり", "¥1,100"), AGAIN, what=play.screens)
    settled(town, play)
    assert len([m for m in play.cast["worker"].messages if not m.mine]) == 1, play.screens()


def test_while_the_card_is_being_posted(town: Town) -> None:
    """Slack has taken the message, and the process that would have been told is gone."""
    play = town.play("slack")
    town.slack.faults.next("chat.postMessage", Slow(120))
    send(play, "喫茶ひかり", 1200)
    wait_until(lambda: [m for m in play.cast["worker"].messages if not m.mine])
    kill_and_restart(town)
    wait_until(lambda: cards(play.cast["worker"], "喫茶ひかり", "¥1,200"), AGAIN, what=play.screens)
    settled(town, play)
    assert len([m for m in play.cast["worker"].messages if not m.mine]) == 1, play.screens()


@pytest.mark.parametrize("call", ["reply", "push"])
def test_while_line_takes_a_message(town: Town, call: str) -> None:
    play = town.play("line")
    if call == "push":
        town.line.reply_seconds = 0.0
    try:
        town.line.faults.next(call, Slow(120))
        send(play, "喫茶ひかり", 1300)
        wait_until(lambda: cards(play.cast["worker"], "喫茶ひかり", "¥1,300"), what=play.screens)
        kill_and_restart(town)
        settled(town, play)
    finally:
        town.line.reply_seconds = 60.0
    assert len(cards(play.cast["worker"], "喫茶ひかり", "¥1,300")) == 1, play.screens()


def test_between_the_tap_and_the_decision(town: Town) -> None:
    play = town.play("line to slack")
    play.play(
        dialogue(
            "submitted",
            worker.sends(receipt("旅館みずうみ", 9900)),
            worker.taps("Submit", on=("¥9,900",)),
            supervisor.sees("¥9,900"),
            worker.waits(),
        )
    )
    town.slack.faults.next("chat.update", Silent(120))
    play.play(dialogue("approved", supervisor.taps("Approve", on=("¥9,900",))))
    kill_and_restart(town)
    play.play(dialogue("told", worker.sees("Approved by {who} ({when})", times=1)))
    wait_until(lambda: not any("承認" in m.buttons for m in play.cast["supervisor"].messages), AGAIN)
    settled(town, play)
    play.play(dialogue("told once", worker.sees("Approved by {who} ({when})", times=1)))


@pytest.mark.parametrize("seed", range(2))
def test_at_any_moment(town: Town, seed: int) -> None:
    """Three people send photos while the server is killed at a moment that a seed chooses."""
    rng = random.Random(seed)
    plays = [town.play(cast) for cast in ("slack", "line", "slack")]
    for number, play in enumerate(plays):
        send(play, "まちの書店", 2000 + 100 * seed + number)
        time.sleep(rng.uniform(0, 0.4))  # the moment of the kill is what is tested
        if number == 1 + seed % 2:
            kill_and_restart(town)
    for number, play in enumerate(plays):
        total = f"¥{2000 + 100 * seed + number:,}"
        wait_until(lambda: cards(play.cast["worker"], "まちの書店", total), AGAIN, what=play.screens)  # noqa: B023
    settled(town, plays[0])
    for number, play in enumerate(plays):
        total = f"¥{2000 + 100 * seed + number:,}"
        assert len(cards(play.cast["worker"], "まちの書店", total)) == 1, play.screens()


def test_nothing_is_left_running(town: Town) -> None:
    """The reading processes end with the server, even when it is killed."""
    process = psutil.Process(town.server.pid)
    children = process.children(recursive=True)
    assert children, "the server reads in processes of its own"
    town.server.kill()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, alive
    assert gone
    town.server.start()


def test_the_administrator_sees_that_all_is_well_afterwards(town: Town) -> None:
    play = town.play("slack")
    kill_and_restart(town)
    play.play(
        dialogue(
            "status", administrator.commands("status"), administrator.sees("{count} links, all hold", "Everything runs")
        )
    )
