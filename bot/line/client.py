"""LINE's API through line-bot-sdk, with every failure told as one of ours.

Two configurations, since files come from a host of their own. The SDK's models are ``pydantic.v1``: they are made
here from plain dictionaries and never leave this package. Redirects are not followed (the token would go along) and
the SDK's HTTP client does not retry by itself: retrying belongs to the outbox, which keeps the key of a message
before it is sent.

Logged of a call: what was called, the status and LINE's request id (LINE's development guidelines ask for it); never
the token, a text or a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import quote

import structlog
import urllib3
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, MessagingApiBlob
from linebot.v3.messaging.exceptions import ApiException, OpenApiException
from pydantic.v1 import ValidationError

from bot.settings import Settings
from handlers.errors import PlatformBusy, PlatformRefused

log = structlog.get_logger(__name__)

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
MONTHLY_LIMIT = "line_monthly_limit"
"""What ``PlatformBusy`` says when the plan's pushes of this month are used up: only replies are possible now."""
MONTHLY_WAIT = 6 * 3600.0
"""Seconds until a push is tried again after that: the month may end or the administrator may change the plan."""
TOKEN_REFUSED_WAIT = 60.0
ON_DATA_HOST = ("set_rich_menu_image",)


class ReplyTokenGone(Exception):
    """LINE does not take this reply token (any more): used, expired or never valid."""


class Line:
    """The two API clients of one channel. ``api`` speaks with the API host, ``data`` with the host of the files."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.line_channel_token.get_secret_value()
        self.data_host = settings.line_data_host.rstrip("/")
        self._data_client = _client(self.data_host, self._token)
        self.api = MessagingApi(_client(settings.line_api_host.rstrip("/"), self._token))
        self.data = MessagingApiBlob(self._data_client)

    def call(self, what: str, *values: Any, read: float = READ_SECONDS, **named: Any) -> Any:
        """The answer of the SDK's method ``what``, waiting at most ``read`` seconds for it.

        Raises PlatformBusy, PlatformRefused (its ``code`` is the HTTP status), or ReplyTokenGone for a reply.
        """
        method = getattr(self.data if what in ON_DATA_HOST else self.api, f"{what}_with_http_info")
        try:
            answer = method(*values, _request_timeout=(CONNECT_SECONDS, read), **named)
        except ApiException as error:
            raise_ours(what, error)
        except urllib3.exceptions.HTTPError as error:
            log.warning("line.no_answer", call=what, error=type(error).__name__)
            raise PlatformBusy(f"{what}: {type(error).__name__}") from None
        except (ValidationError, OpenApiException, ValueError, TypeError) as error:
            # The request was valid (``model`` saw to that): the answer is not LINE's, a proxy's page for instance.
            log.warning("line.unreadable_answer", call=what, error=type(error).__name__)
            raise PlatformBusy(f"{what}: unreadable answer") from None
        log.info("line.called", call=what, status=answer.status_code, request=_request_id(answer.headers))
        return answer.data

    def content(self, message: str) -> urllib3.BaseHTTPResponse:
        """The open answer with a sent file's bytes, not yet read (status 200 or 202). Raises as :meth:`call`.

        The SDK's own method reads the whole body before it returns, so no limit could be kept; its HTTP client is used.
        """
        url = f"{self.data_host}/v2/bot/message/{quote(message, safe='')}/content"
        try:
            answer: urllib3.BaseHTTPResponse = self._data_client.rest_client.get_request(
                url,
                headers={"Authorization": f"Bearer {self._token}", "User-Agent": self._data_client.user_agent},
                _preload_content=False,
                _request_timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
        except ApiException as error:
            raise_ours("content", error)
        except urllib3.exceptions.HTTPError as error:
            log.warning("line.no_answer", call="content", error=type(error).__name__)
            raise PlatformBusy(f"content: {type(error).__name__}") from None
        log.info("line.called", call="content", status=answer.status, request=_request_id(answer.headers))
        return answer


def model(kind: Any, value: Mapping[str, Any]) -> Any:
    """A request model of the SDK from a plain dictionary; PlatformRefused when it breaks a limit that the SDK knows."""
    try:
        return kind.from_dict(dict(value))
    except (ValidationError, OpenApiException, ValueError, TypeError) as error:
        log.error("line.invalid_request", model=kind.__name__, error=type(error).__name__)
        raise PlatformRefused("invalid_message") from None


def raise_ours(what: str, error: ApiException) -> NoReturn:
    """Tell an HTTP error as PlatformBusy (wait), PlatformRefused (give up) or ReplyTokenGone."""
    status, said = int(error.status or 0), said_by(error)
    headers = error.headers or {}
    log.warning("line.refused", call=what, status=status, request=_request_id(headers), said=said[:200])
    if status == 429:
        if "monthly limit" in said.lower():
            raise PlatformBusy(MONTHLY_LIMIT, MONTHLY_WAIT, unsent=True, held=True) from None
        raise PlatformBusy(f"{what}: 429", _seconds(headers.get("retry-after")), unsent=True) from None
    if status == 401:  # a wrong or expired channel token: the administrator mends it, the message waits
        raise PlatformBusy(f"{what}: 401, channel access token not accepted", TOKEN_REFUSED_WAIT, unsent=True) from None
    if status == 400 and "reply token" in said.lower():
        raise ReplyTokenGone from None
    if status >= 500 or status < 400 or status == 408:
        raise PlatformBusy(f"{what}: {status}", _seconds(headers.get("retry-after"))) from None
    if status == 400 and ("'to'" in said or said == "Failed to send messages"):  # nobody has this user id
        raise PlatformRefused("user_not_found") from None
    raise PlatformRefused(str(status)) from None


def said_by(error: ApiException) -> str:
    """LINE's own ``message`` of an error, empty when the body is something else."""
    body = error.body.decode("utf-8", "replace") if isinstance(error.body, bytes) else error.body
    try:
        said = json.loads(body or "")
    except ValueError:
        return ""
    return str(said.get("message", "")) if isinstance(said, dict) else ""


def _client(host: str, token: str) -> ApiClient:
    configuration = Configuration(host=host, access_token=token)
    configuration.retries = urllib3.Retry(total=False, redirect=False)
    configuration.connection_pool_maxsize = 16
    return ApiClient(configuration)


def _request_id(headers: Mapping[str, str] | None) -> str:
    return (headers or {}).get("x-line-request-id", "")


def _seconds(value: str | None) -> float | None:
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
