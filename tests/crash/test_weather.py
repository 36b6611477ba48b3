"""Bad days of the platforms: 429, 5xx, HTML, silence, a line that breaks. The work waits, goes on, and is done once."""

from __future__ import annotations

import pytest

from tests.fakes.http import AcceptAndDrop, Fault, HangUp, Html, RateLimited, ServerError
from tests.scenarios.play import Play
from tests.scenarios.script import administrator, dialogue, receipt, supervisor, worker
from tests.scenarios.town import Town

PATIENCE = 60.0

STORY = dialogue(
    "photo to approval",
    worker.sends(receipt("喫茶ひかり", 1450)),
    worker.sees("喫茶ひかり", "¥1,450", buttons=("Submit",), times=1),
    worker.taps("Submit"),
    supervisor.sees("¥1,450", buttons=("Approve",), times=1),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})"),
    worker.waits(),
    worker.never_sees("Something went wrong on our side (reference {reference}). Please try again."),
)

SLACK: list[tuple[str, Fault, int]] = [
    ("chat.postMessage", RateLimited(1), 2),
    ("chat.postMessage", Html(), 1),
    ("chat.postMessage", AcceptAndDrop(), 1),
    ("chat.update", AcceptAndDrop(), 1),
    ("files.info", HangUp(), 1),
    ("download", Html(), 1),
    ("upload", ServerError(500), 1),
    ("*", ServerError(500), 6),
]
LINE: list[tuple[str, Fault, int]] = [
    ("reply", RateLimited(1), 1),
    ("reply", AcceptAndDrop(), 1),
    ("push", RateLimited(1), 2),
    ("push", AcceptAndDrop(), 2),
    ("push", Html(), 1),
    ("loading", ServerError(500), 1),
    ("content", HangUp(), 1),
    ("*", HangUp(), 4),
]


def ids(cases: list[tuple[str, Fault, int]]) -> list[str]:
    return [f"{call} {fault} x{times}" for call, fault, times in cases]


def patiently(play: Play) -> None:
    play.seconds = PATIENCE
    play.play(STORY)


@pytest.mark.parametrize(("call", "fault", "times"), SLACK, ids=ids(SLACK))
def test_slack(town: Town, call: str, fault: Fault, times: int) -> None:
    play = town.play("slack")
    town.slack.faults.next(call, fault, times)
    patiently(play)
    assert not town.slack.faults.pending, "the fault was not met"


@pytest.mark.parametrize(("call", "fault", "times"), LINE, ids=ids(LINE))
def test_line(town: Town, call: str, fault: Fault, times: int) -> None:
    play = town.play("line")
    host = town.line.data if call == "content" else town.line
    host.faults.next(call, fault, times)
    patiently(play)
    assert not host.faults.pending, "the fault was not met"


def test_a_line_file_that_is_still_being_prepared(town: Town) -> None:
    play = town.play("line")
    play.seconds = PATIENCE
    play.play(
        dialogue(
            "being prepared",
            worker.sends(receipt("喫茶ひかり", 1460), state="preparing", wait=2),
            worker.sees("喫茶ひかり", "¥1,460", times=1),
        )
    )


def test_the_months_pushes_are_used_up(town: Town, request: pytest.FixtureRequest) -> None:
    """Nothing can be pushed, but answers are free: a supervisor who asks what waits gets it and can decide."""
    play = town.play("line")
    play.seconds = PATIENCE
    allowed, town.line.quota = town.line.quota, town.line.consumed
    request.addfinalizer(lambda: setattr(town.line, "quota", allowed))
    play.play(
        dialogue(
            "without a push left",
            worker.sends(receipt("喫茶ひかり", 1470)),
            worker.taps("Submit", on=("¥1,470",)),
            worker.sees("Submitted to {name} as #{number}."),
            supervisor.sees_nothing_yet("¥1,470"),
            supervisor.commands("waiting"),
            supervisor.taps("Open", on=("¥1,470",)),
            supervisor.taps("Approve", on=("¥1,470",)),
            supervisor.sees("Done: #{number} {status}."),
            worker.commands("claims"),
            worker.sees("My claims", "¥1,470", "Approved"),
            administrator.commands("status"),
            administrator.sees("Messages on their way", "{count} links, all hold"),
        )
    )
