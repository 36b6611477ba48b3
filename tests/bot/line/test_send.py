"""Sending and fetching against the fake LINE, on good days and on bad ones."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.line.client import MONTHLY_LIMIT, Line
from bot.line.send import LinePlatform
from bot.settings import Settings
from handlers.chat import Address, Button, Card, FileRef, Picture, Platform, Profile, Reply
from handlers.errors import FileGone, FileTooLarge, PlatformBusy, PlatformRefused
from handlers.services import Services
from tests.fakes.http import AcceptAndDrop, Fault, HangUp, Html, RateLimited, ServerError
from tests.fakes.line import Content, LineServer, LineUser

CARD = Card(title="読み取りました", buttons=(Button("提出", "token", "primary"),))


def key() -> str:
    """As the outbox makes them: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def a_reply(line: LineServer, services: Services, chat: str, seconds: float = 50) -> Reply:
    return Reply(line.new_reply_token(chat), services.clock() + timedelta(seconds=seconds))


def shown(line: LineServer, to: Address) -> int:
    return len(line.bot_bubbles(to.user))


def test_it_is_a_platform(platform: LinePlatform) -> None:
    assert isinstance(platform, Platform)
    assert not platform.capabilities.can_edit
    assert platform.capabilities.counts_pushes


def test_a_living_reply_token_is_used_and_costs_nothing(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    reference = platform.send(to, CARD, key=key(), reply=a_reply(line, services, to.user), interrupted=False)
    assert [bubble.id for bubble in line.bot_bubbles(to.user)] == [reference]
    assert line.consumed == 0


def test_without_a_token_the_card_is_pushed(line: LineServer, platform: LinePlatform, to: Address) -> None:
    reference = platform.send(to, CARD, key=key(), reply=None, interrupted=False)
    assert [bubble.id for bubble in line.bot_bubbles(to.user)] == [reference]
    assert line.consumed == 1


def test_an_expired_token_is_not_even_tried(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    platform.send(to, CARD, key=key(), reply=a_reply(line, services, to.user, seconds=-1), interrupted=False)
    assert [line.call_name(request) for request in line.requests] == ["push"]


def test_a_refused_token_is_followed_by_a_push(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    line.reply_seconds = 0
    platform.send(to, CARD, key=key(), reply=a_reply(line, services, to.user), interrupted=False)
    assert [line.call_name(request) for request in line.requests] == ["reply", "push"]
    assert shown(line, to) == 1


def test_two_cards_for_one_token_both_arrive(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    reply = a_reply(line, services, to.user)
    platform.send(to, CARD, key=key(), reply=reply, interrupted=False)
    platform.send(to, CARD, key=key(), reply=reply, interrupted=False)
    assert shown(line, to) == 2
    assert line.consumed == 1


@pytest.mark.parametrize("with_reply", [True, False])
@pytest.mark.parametrize("fault", [AcceptAndDrop(), HangUp(), ServerError(500), ServerError(502), Html(503), Html(200)])
def test_a_try_that_broke_off_is_repeated_without_a_second_card(
    line: LineServer, services: Services, platform: LinePlatform, to: Address, fault: Fault, with_reply: bool
) -> None:
    """Whether or not LINE had taken the first try: the person sees the card once."""
    one, reply = key(), a_reply(line, services, to.user) if with_reply else None
    line.faults.next("reply" if with_reply else "push", fault)
    with pytest.raises(PlatformBusy):
        platform.send(to, CARD, key=one, reply=reply, interrupted=False)
    platform.send(to, CARD, key=one, reply=reply, interrupted=True)
    assert shown(line, to) == 1


def test_after_a_crash_a_used_token_means_that_the_card_has_arrived(
    line: LineServer, services: Services, settings: Settings, to: Address
) -> None:
    one, reply = key(), a_reply(line, services, to.user)
    LinePlatform(services, Line(settings)).send(to, CARD, key=one, reply=reply, interrupted=False)
    LinePlatform(services, Line(settings)).send(to, CARD, key=one, reply=reply, interrupted=True)
    assert shown(line, to) == 1


def test_another_cards_token_does_not_swallow_an_interrupted_card(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    reply, other = a_reply(line, services, to.user), key()
    platform.send(to, CARD, key=key(), reply=reply, interrupted=False)
    line.faults.next("push", ServerError(500))
    with pytest.raises(PlatformBusy):
        platform.send(to, CARD, key=other, reply=reply, interrupted=False)
    platform.send(to, CARD, key=other, reply=reply, interrupted=True)
    assert shown(line, to) == 2


def test_an_interrupted_card_whose_token_has_died_is_pushed(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    gone = a_reply(line, services, to.user, seconds=-1)
    platform.send(to, CARD, key=key(), reply=gone, interrupted=True)
    assert shown(line, to) == 1


def test_too_many_requests_name_their_pause(line: LineServer, platform: LinePlatform, to: Address) -> None:
    line.faults.next("push", RateLimited(7))
    with pytest.raises(PlatformBusy) as busy:
        platform.send(to, CARD, key=key(), reply=None, interrupted=False)
    assert busy.value.retry_after == 7


def test_a_used_up_month_waits_long_and_says_so_but_replies_still_go(
    line: LineServer, services: Services, platform: LinePlatform, to: Address
) -> None:
    line.quota = 0
    with pytest.raises(PlatformBusy, match=MONTHLY_LIMIT) as busy:
        platform.send(to, CARD, key=key(), reply=None, interrupted=False)
    assert busy.value.retry_after is not None
    assert busy.value.retry_after >= 3600
    platform.send(to, CARD, key=key(), reply=a_reply(line, services, to.user), interrupted=False)
    assert shown(line, to) == 1


def test_who_does_not_exist_is_told_by_name(platform: LinePlatform, to: Address) -> None:
    with pytest.raises(PlatformRefused) as refused:
        platform.send(replace(to, user="U" + "e" * 32), CARD, key=key(), reply=None, interrupted=False)
    assert refused.value.code == "user_not_found"


def test_a_wrong_channel_token_waits_for_the_administrator_and_stays_secret(
    services: Services, settings: Settings, to: Address
) -> None:
    secret = "a-token-that-nobody-must-read"
    wrong = settings.model_copy(update={"line_channel_token": type(settings.line_channel_token)(secret)})
    with capture_logs() as logs, pytest.raises(PlatformBusy) as busy:
        LinePlatform(services, Line(wrong)).send(to, CARD, key=key(), reply=None, interrupted=False)
    assert secret not in str(busy.value)
    assert logs
    assert secret not in repr(logs)


def test_a_card_that_cannot_be_drawn_is_refused_for_good(platform: LinePlatform, to: Address) -> None:
    card = Card(title="x", buttons=(Button("提出", "t" * 400),))
    with pytest.raises(PlatformRefused, match="invalid_message"):
        platform.send(to, card, key=key(), reply=None, interrupted=False)


def test_groups_get_replies_and_never_pushes(
    line: LineServer, services: Services, platform: LinePlatform, worker: LineUser, to: Address
) -> None:
    group = line.add_group(worker)
    here = replace(to, channel=group.id, group=True)
    platform.send(here, CARD, key=key(), reply=a_reply(line, services, group.id), interrupted=False)
    assert len(line.bot_bubbles(group.id)) == 1
    with pytest.raises(PlatformRefused, match="no_push_to_groups"):
        platform.send(here, CARD, key=key(), reply=None, interrupted=False)
    assert line.consumed == 0


def test_the_picture_has_a_public_address_or_is_left_out(
    line: LineServer, services: Services, platform: LinePlatform, to: Address, installed: str
) -> None:
    sha256 = services.blobs.put(b"a jpeg")
    card = replace(CARD, picture=Picture(sha256, "領収書"))
    platform.send(to, card, key=key(), reply=None, interrupted=False)
    services.base_url = "https://keihi.example.jp"
    platform.send(to, card, key=key(), reply=None, interrupted=False)
    without, with_picture = line.bot_bubbles(to.user)
    assert "hero" not in without.body["contents"]
    assert with_picture.body["contents"]["hero"]["url"].startswith("https://keihi.example.jp/pictures/")


def test_working_shows_the_animation_in_direct_conversation_only(
    line: LineServer, platform: LinePlatform, to: Address
) -> None:
    platform.working(to)
    platform.working(replace(to, channel="C1", group=True))
    assert line.state.loading == [(to.user, 20)]


def test_working_is_not_shown_twice_in_a_moment(
    line: LineServer, platform: LinePlatform, to: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.working(to)
    platform.working(to)
    assert len(line.state.loading) == 1
    monkeypatch.setattr("bot.line.send.SHOWN_SECONDS", 0.0)
    platform.working(to)
    assert len(line.state.loading) == 2


@pytest.mark.parametrize("fault", [ServerError(500), RateLimited(), HangUp(), Html()])
def test_working_never_stops_the_work(line: LineServer, platform: LinePlatform, to: Address, fault: Fault) -> None:
    line.faults.next("loading", fault)
    platform.working(to)
    assert line.state.loading == []


def content(line: LineServer, data: bytes = b"\xff\xd8jpeg", **more: object) -> FileRef:
    number = line.new_message_id()
    line.state.contents[number] = Content(data, "image/jpeg", **more)  # type: ignore[arg-type]
    return FileRef(number, message=number)


def test_a_file_comes_byte_for_byte(line: LineServer, platform: LinePlatform, to: Address) -> None:
    data = bytes(range(256)) * 1000
    assert platform.fetch(to, content(line, data), limit=len(data)) == data


def test_a_file_over_the_limit_is_not_read(line: LineServer, platform: LinePlatform, to: Address) -> None:
    with pytest.raises(FileTooLarge):
        platform.fetch(to, content(line, b"x" * 1001), limit=1000)


@pytest.mark.parametrize("state", ["unsent", "gone"])
def test_a_file_taken_back_is_gone(line: LineServer, platform: LinePlatform, to: Address, state: str) -> None:
    with pytest.raises(FileGone):
        platform.fetch(to, content(line, state=state), limit=1000)


def test_a_file_in_preparation_is_asked_for_again_soon(line: LineServer, platform: LinePlatform, to: Address) -> None:
    file = content(line, state="preparing", wait=1)
    with pytest.raises(PlatformBusy) as busy:
        platform.fetch(to, file, limit=1000)
    assert busy.value.retry_after is not None
    assert busy.value.retry_after <= 5
    assert platform.fetch(to, file, limit=1000) == b"\xff\xd8jpeg"


@pytest.mark.parametrize("fault", [ServerError(503), RateLimited(2), HangUp(), Html(200), Html(502)])
def test_a_file_that_fails_to_come_is_waited_for(
    line: LineServer, platform: LinePlatform, to: Address, fault: Fault
) -> None:
    file = content(line)
    line.data.faults.next("content", fault)
    with pytest.raises(PlatformBusy):
        platform.fetch(to, file, limit=1000)
    assert platform.fetch(to, file, limit=1000) == b"\xff\xd8jpeg"


@pytest.mark.parametrize("number", ["external:123", "../../../v2/bot/info", "a/b?c=d#e"])
def test_an_id_never_leads_elsewhere(line: LineServer, platform: LinePlatform, to: Address, number: str) -> None:
    with pytest.raises(FileGone):
        platform.fetch(to, FileRef(number), limit=1000)
    assert all(request.path.startswith("/v2/bot/message/") for request in line.data.requests)


def test_profiles(line: LineServer, platform: LinePlatform, worker: LineUser, to: Address) -> None:
    assert platform.profile(to) == Profile(name="田中 花", locale="ja")
    group = line.add_group(worker)
    assert platform.profile(replace(to, channel=group.id, group=True)).name == "田中 花"
    worker.friend = False
    assert platform.profile(to) == Profile(standing="gone")


def test_the_quota_as_line_counts_it(line: LineServer, platform: LinePlatform, to: Address) -> None:
    platform.send(to, CARD, key=key(), reply=None, interrupted=False)
    quota = platform.quota()
    assert (quota.used, quota.limit) == (1, 200)
    assert platform.pushes_left(to.tenant) == 199


def test_the_link_page_needs_a_public_address(services: Services, platform: LinePlatform, to: Address) -> None:
    assert platform.link_url(to) == ""
    services.base_url = "https://keihi.example.jp"
    assert platform.link_url(to).startswith("https://keihi.example.jp/link/line?token=")


def test_nothing_of_line_is_reached_when_nobody_listens(services: Services, settings: Settings, to: Address) -> None:
    nowhere = settings.model_copy(
        update={"line_api_host": "http://127.0.0.1:9", "line_data_host": "http://127.0.0.1:9"}
    )
    platform = LinePlatform(services, Line(nowhere))
    with pytest.raises(PlatformBusy):
        platform.send(to, CARD, key=key(), reply=None, interrupted=False)
    with pytest.raises(PlatformBusy):
        platform.fetch(to, FileRef("1"), limit=1000)
