"""Fetching what people sent.

The bot's token goes to hosts of the settings only (``KEIHI_SLACK_FILE_HOSTS``), over https only unless the list names a
loopback host or writes ``http://`` itself, and never along a redirect to anywhere else. What arrives is counted while
it arrives.

``files.info`` is asked first, always: posts from shared channels hold stubs, and a file may have changed since.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from bot.slack.web import Web
from handlers.errors import FileGone, FileTooLarge, PlatformBusy, PlatformRefused

GONE = frozenset(
    (
        "file_not_found",
        "file_deleted",
        "file_not_shared",
        "access_denied",
        "not_visible",
        "not_in_channel",
        "channel_not_found",
    )
)
REDIRECTS = 3
DEADLINE = 120.0  # seconds for one file, however slowly it drips
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Hosts:
    """The hosts that may see the token: exact names, ``*.name`` for its subdomains, with ``:port`` where it matters.

    Names of this machine itself (localhost, 127.0.0.1, ::1) stand for each other, and need no https. So does a proxy
    inside the own network that is written ``http://host:port``: that name and port, without https, and nothing else.
    """

    def __init__(self, listed: str) -> None:
        patterns = [pattern.strip().lower().rstrip("/") for pattern in listed.split(",") if pattern.strip()]
        plain = [_split(pattern.removeprefix("http://")) for pattern in patterns if pattern.startswith("http://")]
        secure = [_split(pattern.removeprefix("https://")) for pattern in patterns if not pattern.startswith("http://")]
        self._patterns = secure + [(name, at) for name, at in plain if _loopback(name)]
        self._plain = {(name, at or 80) for name, at in plain}

    def allow(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        if (
            parts.scheme not in ("https", "http")
            or not host
            or parts.username is not None
            or parts.password is not None
        ):
            return False
        if not all(c.isascii() and (c.isalnum() or c in "-.:") for c in host):
            return False
        here = _loopback(host)
        if parts.scheme == "http" and not here:
            return (host, port or 80) in self._plain
        return any(self._matches(name, at, host, port, here) for name, at in self._patterns)

    @staticmethod
    def _matches(name: str, at: int | None, host: str, port: int | None, here: bool) -> bool:
        if here:
            return _loopback(name) and at in (None, port)
        if (at or 443) != (port or 443):
            return False
        return name == host or (name.startswith("*.") and host.endswith(name[1:]))


def _split(pattern: str) -> tuple[str, int | None]:
    """Host and port of one listed host; IPv6 in brackets."""
    name, _, port = pattern.rpartition(":") if not pattern.endswith("]") else (pattern, "", "")
    if not name or not port.isdigit():
        name, port = pattern, ""
    return name.strip("[]"), int(port) if port else None


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Files:
    """Files of every workspace."""

    def __init__(self, web: Web, hosts: str) -> None:
        self._web = web
        self._hosts = Hosts(hosts)
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # one workspace's session is not another's
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=False, cookies=no_cookies)

    def fetch(self, token: str, file_id: str, limit: int) -> bytes:
        """The file's bytes. Raises FileTooLarge, FileGone, PlatformBusy or PlatformRefused."""
        info = self._info(token, file_id)
        if isinstance(info.get("size"), int) and info["size"] > limit:
            raise FileTooLarge
        url = str(info.get("url_private_download") or info.get("url_private") or "")
        if not url:
            raise FileGone("no address")
        is_html = str(info.get("mimetype") or "").startswith("text/html")
        return self._download(token, url, limit, is_html)

    def _info(self, token: str, file_id: str) -> Mapping[str, Any]:
        try:
            answer = self._web.call(token, "files.info", form=True, file=file_id)
        except PlatformRefused as error:
            if error.code in GONE:
                raise FileGone(error.code) from None
            raise
        info: Mapping[str, Any] = answer.get("file") or {}
        mode, access = str(info.get("mode") or ""), str(info.get("file_access") or "visible")
        if mode in ("tombstone", "hidden_by_limit", "external") or info.get("is_external"):
            raise FileGone(mode or "external")
        if access != "visible" and not info.get("url_private"):
            raise FileGone(access)
        return info

    def _download(self, token: str, url: str, limit: int, is_html: bool) -> bytes:
        until = time.monotonic() + DEADLINE
        for _ in range(REDIRECTS + 1):
            if not self._hosts.allow(url):
                raise FileGone("the file is on a host that may not see the token")
            try:
                with self._http.stream("GET", url, headers={"Authorization": f"Bearer {token}"}) as answer:
                    if not answer.is_redirect:
                        return _received(answer, limit, is_html, until)
                    url = urljoin(url, answer.headers.get("location", ""))
            except httpx.HTTPError as error:
                raise PlatformBusy(f"download: {type(error).__name__}") from None
        raise FileGone("too many redirects")


def _received(answer: httpx.Response, limit: int, is_html: bool, until: float) -> bytes:
    status, kind = answer.status_code, answer.headers.get("content-type", "").lower()
    if status == 429 or status >= 500:
        wait = answer.headers.get("retry-after", "")
        raise PlatformBusy(f"download: {status}", float(wait) if wait.isdigit() else None)
    if status != 200:
        raise FileGone(f"download: {status}")
    if "text/html" in kind and not is_html:  # Slack's sign-in or status page
        raise PlatformBusy("download: a page instead of the file")
    announced = answer.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise FileTooLarge
    received = bytearray()
    for piece in answer.iter_bytes(65_536):
        received += piece
        if len(received) > limit:
            raise FileTooLarge
        if time.monotonic() > until:
            raise PlatformBusy("download: too slow")
    return bytes(received)
