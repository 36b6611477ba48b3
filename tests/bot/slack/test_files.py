"""Files people sent: only from hosts that may see the token, only as much as allowed, never a page for a picture."""

from __future__ import annotations

import pytest

from bot.settings import SLACK_FILE_HOSTS, Settings
from bot.slack.files import Files, Hosts
from bot.slack.web import Web
from handlers.errors import FileGone, FileTooLarge, PlatformBusy
from tests.fakes.http import Answer, FakeServer, HangUp, RateLimited, Request, ServerError
from tests.fakes.slack import SlackServer
from tests.fakes.slack_state import File, User

PHOTO = b"\xff\xd8\xff\xe0" + b"a fictional receipt " * 500
LIMIT = 20_000_000


@pytest.fixture
def files(settings: Settings) -> Files:
    return Files(Web(settings.slack_api_url), settings.slack_file_hosts)


def sent(
    slack: SlackServer, worker: User, *, mode: str = "hosted", data: bytes = PHOTO, kind: str = "image/jpeg"
) -> str:
    file = File(slack.space.new_id("F"), worker.team, "IMG_0001.jpg", data, kind, worker.id, mode=mode)
    slack.space.files[file.id] = file
    return file.id


class Elsewhere(FakeServer):
    """A host that is not Slack's and notes who comes with what."""

    def handle(self, request: Request) -> Answer:
        return Answer(200, PHOTO, "image/jpeg")


@pytest.mark.parametrize("mode", ["hosted", "stub"])
def test_the_bytes_come_as_they_were_sent(files: Files, slack: SlackServer, worker: User, mode: str) -> None:
    assert files.fetch(slack.team.token, sent(slack, worker, mode=mode), LIMIT) == PHOTO


def test_a_file_announced_too_large_is_not_even_asked_for(files: Files, slack: SlackServer, worker: User) -> None:
    with pytest.raises(FileTooLarge):
        files.fetch(slack.team.token, sent(slack, worker), len(PHOTO) - 1)
    assert not [r for r in slack.requests if r.path.startswith("/files-pri")]


def test_a_file_that_grows_while_it_comes_is_cut_off(
    files: Files, slack: SlackServer, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = slack.file_json

    def smaller(file: File, *, in_event: bool = False) -> dict[str, object]:
        return told(file, in_event=in_event) | {"size": 10}

    monkeypatch.setattr(slack, "file_json", smaller)
    with pytest.raises(FileTooLarge):
        files.fetch(slack.team.token, sent(slack, worker), len(PHOTO) - 1)


@pytest.mark.parametrize("mode", ["tombstone", "hidden_by_limit"])
def test_a_file_that_is_gone(files: Files, slack: SlackServer, worker: User, mode: str) -> None:
    with pytest.raises(FileGone):
        files.fetch(slack.team.token, sent(slack, worker, mode=mode), LIMIT)


def test_a_file_that_never_was_or_belongs_to_others(files: Files, slack: SlackServer) -> None:
    stranger = slack.add_user("mori", team=slack.add_workspace("みなと市役所", "minato"))
    for file_id in ("F0NOWHERE", sent(slack, stranger)):
        with pytest.raises(FileGone):
            files.fetch(slack.team.token, file_id, LIMIT)


def test_a_page_instead_of_a_picture_is_not_a_receipt(files: Files, slack: SlackServer, worker: User) -> None:
    with pytest.raises(PlatformBusy):
        files.fetch(slack.team.token, sent(slack, worker, mode="html"), LIMIT)


def test_a_page_that_a_person_sent_is_theirs(files: Files, slack: SlackServer, worker: User) -> None:
    page = b"<html>receipt</html>"
    assert files.fetch(slack.team.token, sent(slack, worker, data=page, kind="text/html"), LIMIT) == page


def test_the_token_does_not_follow_a_redirect_to_another_host(files: Files, slack: SlackServer, worker: User) -> None:
    with Elsewhere() as elsewhere:
        slack.redirect_files_to = elsewhere.url
        with pytest.raises(FileGone):
            files.fetch(slack.team.token, sent(slack, worker, mode="redirect"), LIMIT)
        assert elsewhere.requests == []


def test_a_redirect_within_the_listed_hosts_is_followed(slack: SlackServer, worker: User, settings: Settings) -> None:
    with Elsewhere() as second:
        slack.redirect_files_to = second.url
        files = Files(Web(settings.slack_api_url), f"{slack.file_host}, 127.0.0.1:{second.port}")
        assert files.fetch(slack.team.token, sent(slack, worker, mode="redirect"), LIMIT) == PHOTO


def test_redirects_in_a_circle_end(files: Files, slack: SlackServer, worker: User) -> None:
    file_id = sent(slack, worker, mode="redirect")
    slack.redirect_files_to = f"{slack.url}/files-pri"
    with pytest.raises(FileGone):
        files.fetch(slack.team.token, file_id, LIMIT)
    assert len([r for r in slack.requests if r.path.startswith("/files-pri")]) <= 5


@pytest.mark.parametrize(
    ("fault", "wait"),
    [(RateLimited(7), 7.0), (ServerError(503), None), (HangUp(), None)],
    ids=["429", "503", "hang up"],
)
def test_a_bad_moment_is_waited_out(
    files: Files, slack: SlackServer, worker: User, fault: RateLimited | ServerError | HangUp, wait: float | None
) -> None:
    slack.faults.next("download", fault)
    with pytest.raises(PlatformBusy) as busy:
        files.fetch(slack.team.token, sent(slack, worker), LIMIT)
    assert busy.value.retry_after == wait


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.jpg", True),
        ("https://hikari-cho.slack.com/files/a", True),
        ("https://FILES.SLACK.COM:443/a", True),
        ("https://slack-files.com/a", True),
        ("https://slack.com/a", False),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://files.slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("https://evil-slack-files.com/a", False),
        ("https://files.slack.com@evil.example/a", False),
        ("https://user:pass@files.slack.com/a", False),
        ("https://evil.example/files.slack.com", False),
        ("https://files.slack.com\\@evil.example/a", False),
        ("https://127.0.0.1/a", False),
        ("http://127.0.0.1:80/a", False),
        ("file:///etc/passwd", False),
        ("//files.slack.com/a", False),
        ("https://ﬁles.slack.com/a", False),
        ("https://files.slack.com:99999/a", False),
        ("https://[::1/a", False),
    ],
)
def test_hosts_that_may_see_the_token(url: str, allowed: bool) -> None:
    assert Hosts(SLACK_FILE_HOSTS).allow(url) is allowed


@pytest.mark.parametrize(
    ("listed", "url", "allowed"),
    [
        ("127.0.0.1:4003", "http://127.0.0.1:4003/a", True),
        ("127.0.0.1:4003", "http://127.0.0.1:4004/a", False),
        ("127.0.0.1", "http://127.0.0.1:4003/a", True),
        ("localhost", "http://localhost:4003/a", True),
        ("127.0.0.1:4003", "http://localhost:4003/a", True),
        ("http://localhost:4003/", "http://127.0.0.1:4003/a", True),
        ("[::1]", "http://localhost:4003/a", True),
        ("localhost:4003", "http://localhost:4004/a", False),
        ("localhost:4003", "http://localhost.evil.example:4003/a", False),
        ("https://files.proxy.example.jp", "https://files.proxy.example.jp/a", True),
        ("[::1]:4003", "http://[::1]:4003/a", True),
        ("proxy.example.jp", "http://proxy.example.jp/a", False),
        ("proxy.example.jp", "https://proxy.example.jp:8443/a", False),
        ("proxy.example.jp:8443", "https://proxy.example.jp:8443/a", True),
        ("", "https://files.slack.com/a", False),
        ("http://proxy:4003", "http://proxy:4003/a", True),
        ("http://proxy", "http://proxy/a", True),
        ("http://proxy", "http://proxy:4003/a", False),
        ("http://proxy:4003", "http://proxy:4004/a", False),
        ("http://proxy:4003", "http://proxy.evil.example:4003/a", False),
        ("http://proxy:4003", "https://proxy:4003/a", False),
        ("http://*.example.jp:4003", "http://proxy.example.jp:4003/a", False),
        ("proxy:4003", "http://proxy:4003/a", False),
        ("http://10.0.0.5:4003,files.slack.com", "http://files.slack.com:4003/a", False),
    ],
)
def test_hosts_of_a_proxy_or_a_test(listed: str, url: str, allowed: bool) -> None:
    assert Hosts(listed).allow(url) is allowed
