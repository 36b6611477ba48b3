"""LINE's own ways: the account link, groups, stickers, blocking, photos taken back before they were read."""

from __future__ import annotations

import re

import httpx

from tests.fakes.line_phone import LinePhone
from tests.fakes.waiting import wait_until
from tests.scenarios.play import Play
from tests.scenarios.script import administrator, dialogue, newcomer, receipt, supervisor, worker
from tests.scenarios.town import Town


def test_an_account_is_linked_by_lines_own_link(town: Town) -> None:
    """Our page asks for the administrator's code, LINE's dialog vouches for the account."""
    play = town.play("line")
    play.play(
        dialogue(
            "towards the page",
            administrator.commands("add 新しい人 {newcomer.email} manager={supervisor.email}"),
            administrator.sees("{name} was added."),
            administrator.commands("link {newcomer.email}"),
            administrator.notes("code", r"[A-Z2-9]{4}-[A-Z2-9]{4}"),
            newcomer.does("follow"),
            newcomer.sees("You are not registered yet.", buttons=("Register",)),
        )
    )
    phone: LinePhone = play.cast["newcomer"].hands.phone
    button = next(m for m in reversed(phone.messages()) if m.buttons)
    with httpx.Client(follow_redirects=False) as browser:
        page_url = town.line.reachable(phone.tap(button, button.buttons[-1]))
        page = browser.get(page_url)
        assert page.status_code == 200
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        names = re.findall(r'<input[^>]*name="([^"]+)"', page.text)
        asked = next(name for name in names if name not in hidden)
        answer = browser.post(page_url, data=hidden | {asked: play.noted["code"]})
    assert answer.status_code in (302, 303), answer.text[:300]
    phone.follow_link(answer.headers["location"])
    play.play(
        dialogue(
            "linked",
            newcomer.sees("You are registered as {name}.", "新しい人"),
            newcomer.sends(receipt("喫茶ひかり", 1610)),
            newcomer.taps("Submit", on=("¥1,610",)),
            supervisor.sees("¥1,610", "新しい人"),
        )
    )


def test_receipts_are_refused_in_groups_and_no_figures_are_shown(town: Town) -> None:
    play = town.play("line")
    person: LinePhone = play.cast["worker"].hands.phone
    group = town.line.add_group(person.user)
    here = LinePhone(town.line, person.user, group)
    here.invite_bot()
    play.play(dialogue("in a group", worker.waits()))
    before = len(here.messages())
    here.send([receipt("喫茶ひかり", 1620).made(99)])
    wait_until(town.server.idle)
    said = [m for m in here.messages()[before:] if not m.mine]
    assert all("1,620" not in m.text for m in here.messages())
    assert len(said) <= 1
    assert not any("1,620" in m.text for m in person.messages())


def test_a_sticker_gets_a_friendly_answer(town: Town) -> None:
    play = town.play("line")
    play.play(dialogue("a sticker", worker.does("sticker"), worker.sees("Send me a photo of a receipt")))


def test_a_photo_taken_back_before_it_could_be_read_leaves_nothing(town: Town) -> None:
    """Also when LINE tells of the photo once more afterwards."""
    play = town.play("line")
    phone: LinePhone = play.cast["worker"].hands.phone
    photo = receipt("喫茶ひかり", 1630).made(98)
    hook = phone.hook
    body = {"type": "image", "quoteToken": "q", "contentProvider": {"type": "line"}}
    event = phone._file_event(body, photo, "ready", 0)
    phone.unsend(event["message"]["id"])
    hook.deliver(event | {"deliveryContext": {"isRedelivery": True}})
    hook.deliver(event)
    play.play(dialogue("nothing", worker.waits(), worker.never_sees("¥1,630")))
    assert not [m for m in phone.messages() if not m.mine], play.screens()


def test_who_blocked_the_bot_is_not_pushed_to(town: Town) -> None:
    play: Play = town.play("line")
    play.play(
        dialogue(
            "blocked and back",
            worker.sends(receipt("喫茶ひかり", 1640)),
            worker.taps("Submit", on=("¥1,640",)),
            supervisor.sees("¥1,640"),
            worker.does("block"),
            worker.waits(),
        )
    )
    spent = town.line.consumed
    play.play(dialogue("decided meanwhile", supervisor.taps("Approve", on=("¥1,640",)), supervisor.waits()))
    assert town.line.consumed == spent, "a push to somebody who blocked the bot is paid for and seen by nobody"
    play.play(
        dialogue(
            "back",
            worker.does("follow", True),
            worker.commands("claims"),
            worker.sees("My claims", "¥1,640", "Approved"),
        )
    )


def test_what_the_months_limit_holds_back_comes_with_the_next_answer(town: Town) -> None:
    play = town.play("line")
    waited = "This waited for you: {what}"
    allowed, town.line.quota = town.line.quota, town.line.consumed
    try:
        play.play(
            dialogue(
                "no push is left",
                worker.sends(receipt("喫茶ひかり", 1660)),
                worker.taps("Submit", on=("¥1,660",)),
                supervisor.sees_nothing_yet("¥1,660"),
                supervisor.says("こんにちは"),
                supervisor.sees(waited, "¥1,660", worker.name),
                supervisor.taps("Open #{number}", on=(waited, "¥1,660")),
                supervisor.sees("¥1,660", buttons=("Approve",)),
                supervisor.taps("Approve", on=("¥1,660",)),
                worker.sends(receipt("喫茶ひかり", 1670)),
                worker.sees(waited, "Approved by {who} ({when})", "¥1,660"),
            )
        )
    finally:
        town.line.quota = allowed


def test_an_event_that_comes_twice_is_answered_once(town: Town) -> None:
    play = town.play("line")
    phone: LinePhone = play.cast["worker"].hands.phone
    event = phone._file_event(
        {"type": "image", "quoteToken": "q", "contentProvider": {"type": "line"}},
        receipt("喫茶ひかり", 1650).made(97),
        "ready",
        0,
    )
    for _ in range(3):
        phone.hook.deliver(event)
    phone.hook.deliver(event | {"deliveryContext": {"isRedelivery": True}})
    play.play(dialogue("once", worker.sees("¥1,650", times=1), worker.waits(), worker.sees("¥1,650", times=1)))
    assert len([m for m in phone.messages() if not m.mine]) == 1
