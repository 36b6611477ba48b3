"""What happens because days and hours pass: reminders at their hour, the next above after business days.

A server of its own, with everything around it, whose clock the stories set. So they may be told on a Sunday night, and
no other dialogue's claims grow old by them.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

import pytest

from tests.contract.block_types import block_types
from tests.fakes.clock import VARIABLE, Clock
from tests.fakes.line import LineServer
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.fakes.waiting import wait_until
from tests.scenarios.days import TOKYO, business_day
from tests.scenarios.play import Play
from tests.scenarios.script import Step, administrator, dialogue, receipt, supervisor, worker
from tests.scenarios.town import Demo, Town

DIGEST = "{count} claims wait for your decision."
BESIDE = "It has waited too long: {above} may decide for {name}, too."
FOR = "You decide for {name}."


@dataclass
class World:
    """A town and a demo on one server, and its clock."""

    town: Town
    demo: Demo
    clock: Clock

    def play(self, cast: str) -> Play:
        return (self.demo if cast == "web" else self.town).play(cast)

    def is_now(self, day: int, hour: int) -> None:
        """It is this hour in Tokyo on the business day of this number; people's phones go by the same clock."""
        self.clock.set(datetime.combine(business_day(day), time(hour), TOKYO))
        self.town.line.ahead = self.clock.ahead


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("days")
    clock = Clock(folder / "clock")
    with SlackServer() as slack, LineServer() as line:
        slack.schema = block_types()
        line.quota = 1_000_000
        named = VARIABLE.removeprefix("KEIHI_").lower()
        server = Server(folder, slack=slack, line=line, demo="1", sweep_seconds="0.1", **{named: str(clock.file)})
        town = Town(server, slack, line)
        clock.set(datetime.combine(business_day(0), time(10), TOKYO))
        with server:
            town.settle(folder, {"slack": 1, "line": 2})
            made = World(town, Demo.open(server), clock)
            yield made
            made.demo.page.close()


@pytest.mark.parametrize("cast", ["slack", "line", "web"])
def test_a_claim_that_waits_is_called_to_mind_and_then_goes_up(world: World, cast: str) -> None:
    """Each in their own working hours: when it is ten in Tokyo, London sleeps."""
    play = world.play(cast)

    def then(title: str, *steps: Step) -> None:
        play.play(dialogue(title, *steps))

    world.is_now(0, 10)
    then(
        "handed in",
        worker.commands("remind days=2"),
        worker.sees("Only people with the role “{role}” can use this command."),
        administrator.commands("remind days=2"),
        administrator.sees("Reminders are set", "after {count} business days"),
        administrator.commands("timezone Europe/London"),
        administrator.sees("Your time zone is {zone}. It is {time} there."),
        worker.sends(receipt("錠前のかなめ", 3190)),
        worker.taps("Submit", on=("¥3,190",)),
        supervisor.sees("¥3,190", worker.name, buttons=("Approve",)),
        supervisor.keeps("card", "¥3,190", worker.name),
        supervisor.sends(receipt("提灯のほたる", 4290)),
        supervisor.taps("Submit", on=("¥4,290",)),
        administrator.sees("¥4,290", supervisor.name, buttons=("Approve",)),
    )
    world.is_now(1, 10)
    then(
        "ten o'clock on the next business day",
        supervisor.sees(DIGEST, "錠前のかなめ", worker.name, "¥3,190", buttons=("Open",), times=1),
        administrator.sees_nothing_yet(DIGEST),
        worker.never_sees(DIGEST),
    )
    world.is_now(1, 18)
    then(
        "morning in London",
        administrator.sees(DIGEST, "提灯のほたる", supervisor.name, "¥4,290", times=1),
        supervisor.sees(DIGEST, times=1),
        administrator.sees_nothing_yet("¥3,190"),
    )
    world.is_now(2, 10)
    then(
        "two business days are over where the claim lies, and night where it would go",
        supervisor.sees(DIGEST, "¥3,190", times=2),
        administrator.sees_nothing_yet("¥3,190"),
    )
    world.is_now(2, 18)
    then(
        "the next above is asked, and decides for who did not",
        administrator.sees("¥3,190", worker.name, FOR, supervisor.name, buttons=("Approve",), times=1),
        supervisor.taps("Open", on=(DIGEST, "¥3,190")),
        supervisor.sees("¥3,190", BESIDE, administrator.name, buttons=("Approve",)),
        administrator.taps("Approve", on=("¥3,190", FOR)),
        worker.sees("Approved by {who} ({when})", "{delegate} for {name}", administrator.name, supervisor.name),
        supervisor.taps("Approve", kept="card"),
        supervisor.sees("Already approved ({who}, {when}).", administrator.name),
        supervisor.never_sees("¥4,290", FOR),  # nobody is asked about their own claim
    )


def test_where_no_message_is_left_the_next_answer_calls_to_mind(world: World) -> None:
    play, line = world.play("line"), world.town.line
    world.is_now(0, 10)
    play.play(
        dialogue(
            "handed in",
            worker.sends(receipt("漆のくろがね", 5170)),
            worker.taps("Submit", on=("¥5,170",)),
            supervisor.sees("¥5,170", worker.name, buttons=("Approve",)),
            supervisor.waits(),
        )
    )
    allowed, line.quota = line.quota, line.consumed
    try:
        world.is_now(1, 10)
        wait_until(lambda: _kept_back(world.town.server), 60, what="nobody was to be reminded")
        spent = line.consumed
        play.play(
            dialogue(
                "carried along",
                supervisor.sees_nothing_yet(DIGEST),
                administrator.commands("remind"),
                administrator.sees("Reminders that wait for the next message"),
                supervisor.says("こんにちは"),
                supervisor.sees("Send me a photo of a receipt", DIGEST, times=1),
                supervisor.taps("What waits for me"),
                supervisor.sees("Waiting for your decision", "漆のくろがね", "¥5,170"),
                supervisor.taps("Open", on=("¥5,170",)),
                supervisor.taps("Approve", on=("¥5,170",)),
                supervisor.sees(DIGEST, times=1),
                worker.says("こんにちは"),
                worker.sees("Approved by {who} ({when})", "¥5,170"),
            )
        )
        assert line.consumed == spent
    finally:
        line.quota = allowed


def _kept_back(server: Server) -> int:
    """Reminders of which nobody sees anything yet, so that no phone tells when their hour has come."""
    asked = "SELECT count(*) FROM digest WHERE way = 'carry' AND sent_at IS NULL"
    with contextlib.closing(sqlite3.connect(f"file:{server.folder / 'keihi.db'}?mode=ro", uri=True)) as database:
        return int(database.execute(asked).fetchone()[0])
