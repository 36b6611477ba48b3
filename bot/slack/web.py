"""Calls to Slack's Web API, and what its refusals mean for us.

A call that may be repeated is retried here a little; one that must not happen twice (posting) is not, because a dropped
connection does not tell whether Slack did it: the outbox comes back with ``interrupted`` instead.
"""

from __future__ import annotations

import http.client
import logging
from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import (
    ConnectionErrorRetryHandler,
    HttpRequest,
    HttpResponse,
    RateLimitErrorRetryHandler,
    RetryHandler,
    RetryState,
)
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler

from handlers.errors import PlatformBusy, PlatformRefused

TIMEOUT = 10  # seconds
SHORT_WAIT = 2  # seconds of Retry-After that a job's thread waits; longer ones go back to the queue
BUSY = frozenset(
    (
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "external_channel_migrating",
        "message_limit_exceeded",
    )
)

log = structlog.get_logger()
log_sdk = logging.getLogger("keihi.slack.sdk")
log_sdk.setLevel(logging.CRITICAL)  # the library logs whole requests and answers; what matters is raised


class _ShortRateLimit(RateLimitErrorRetryHandler):
    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        return limited and response is not None and (_retry_after(response.headers) or 0) <= SHORT_WAIT


def _retry_after(headers: Mapping[str, Any]) -> float | None:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value[0] if isinstance(value, list) else value))
            except (ValueError, IndexError):
                return None
    return None


def client(api_url: str, token: str = "") -> WebClient:
    """A client as the libraries of Slack want one, with our address and patience."""
    return WebClient(token or None, base_url=api_url, timeout=TIMEOUT, logger=log_sdk)


class Web:
    """The Web API at one address. Thread-safe: every call has a client of its own."""

    def __init__(self, api_url: str) -> None:
        self.api_url = api_url if api_url.endswith("/") else api_url + "/"

    def call(
        self, token: str, method: str, *, repeatable: bool = True, form: bool = False, **args: Any
    ) -> dict[str, Any]:
        """The answer of ``method``. Raises PlatformBusy or PlatformRefused, whose ``code`` is Slack's.

        ``repeatable`` false: never sent a second time here. ``form``: arguments as a form, for methods without JSON.
        """
        one = client(self.api_url, token)
        one.retry_handlers = _handlers(repeatable)
        given = {name: value for name, value in args.items() if value is not None}
        try:
            answer = one.api_call(method, params=given) if form else one.api_call(method, json=given)
        except SlackApiError as error:
            raise _meant(method, error) from None
        except (SlackClientError, OSError, http.client.HTTPException, ValueError) as error:
            raise PlatformBusy(f"{method}: {type(error).__name__}") from None
        if not isinstance(answer.data, dict):
            raise PlatformBusy(f"{method}: no JSON")
        return answer.data


def _handlers(repeatable: bool) -> list[RetryHandler]:
    limited: list[RetryHandler] = [_ShortRateLimit(max_retry_count=1)]
    if not repeatable:
        return limited
    return [ConnectionErrorRetryHandler(max_retry_count=1), ServerErrorRetryHandler(max_retry_count=1), *limited]


class BlocksRefused(PlatformRefused):
    """Slack does not take the blocks; ``about_file`` when a picture in them is not there (or not there yet)."""

    def __init__(self, code: str, about_file: bool) -> None:
        super().__init__(code)
        self.about_file = about_file


def _meant(method: str, error: SlackApiError) -> PlatformBusy | PlatformRefused:
    response = error.response
    status = response.status_code
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error") or status)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return PlatformBusy(f"{method}: rate limited", _retry_after(response.headers) or 1.0)
    if status >= 500 or code in BUSY or " " in code:  # an answer that is no JSON becomes a sentence in ``error``
        return PlatformBusy(f"{method}: {status if status >= 500 else code[:60]}")
    details = str(data.get("errors") or "") + str((data.get("response_metadata") or {}).get("messages") or "")
    if details:
        log.warning("slack refused", method=method, code=code, details=details[:500])
    if code in ("invalid_blocks", "invalid_arguments", "invalid_attachments"):
        return BlocksRefused(code, "slack_file" in details or "slack file" in details or "downloading image" in details)
    return PlatformRefused(code)
