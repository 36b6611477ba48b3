"""The stream of server-sent events that feeds a page: bubbles of its phones, and the audit chain for administrators."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.web import conversation
from bot.web.access import Phone
from bot.web.conversation import Bell, Bubble
from bot.web.trail import Trail
from handlers.services import Services

LOOK_SECONDS = 0.3
BEAT_SECONDS = 15.0


@dataclass
class Stream:
    """What one page has seen. ``seen`` is the last sequence it has, None for a page that starts empty."""

    services: Services
    bell: Bell
    phones: tuple[Phone, ...]
    locale: str
    seen: int | None

    async def events(self) -> AsyncIterator[str]:
        """Ends when the server stops; the server cancels it when the page is gone."""
        trails = [
            Trail(home, self.locale)
            for home in {phone.organization_id for phone in self.phones if phone.part == "administrator"}
        ]
        last_beat = asyncio.get_running_loop().time()
        yield "retry: 1000\n\n"
        with self.bell.heard() as news:
            for message in await run_in_threadpool(self._start):
                yield message
            while not self.bell.ended:
                news.clear()
                messages = await run_in_threadpool(self._look, trails)
                for message in messages:
                    yield message
                now = asyncio.get_running_loop().time()
                if messages:
                    last_beat = now
                elif now - last_beat > BEAT_SECONDS:
                    last_beat = now
                    yield ": still here\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), LOOK_SECONDS)

    def _start(self) -> list[str]:
        if self.seen is not None:
            return [*self._bubbles(), _event("ready", {}, self.seen)]
        with self.services.db.snapshot(self.phones[0].organization_id) as session:
            bubbles, self.seen = conversation.latest(session, [phone.member_id for phone in self.phones])
        return [*(_event("bubble", self._content(bubble)) for bubble in bubbles), _event("ready", {}, self.seen)]

    def _look(self, trails: list[Trail]) -> list[str]:
        messages = self._bubbles()
        for trail in trails:
            with self.services.db.snapshot(trail.organization_id) as session:
                news = trail.news(session)
            if news is not None:
                messages.append(_event("audit", news))
        return messages

    def _bubbles(self) -> list[str]:
        with self.services.db.snapshot(self.phones[0].organization_id) as session:
            bubbles = conversation.after(session, [phone.member_id for phone in self.phones], self.seen or 0)
        if bubbles:
            self.seen = bubbles[-1].sequence
        return [_event("bubble", self._content(bubble), bubble.sequence) for bubble in bubbles]

    def _content(self, bubble: Bubble) -> dict[str, Any]:
        user = next(phone.user for phone in self.phones if phone.member_id == bubble.member_id)
        return {
            "phone": user,
            "id": bubble.id,
            "key": bubble.key,
            "author": bubble.author,
            "text": "" if bubble.removed else bubble.text,
            "files": [] if bubble.removed else bubble.files,
            "card": None if bubble.removed else bubble.card,
            "form": bubble.form,
            "handle": bubble.handle,
            "working": bubble.working,
            "removed": bubble.removed,
            "at": bubble.at.isoformat(),
        }


def _event(name: str, data: dict[str, Any], sequence: int | None = None) -> str:
    number = f"id: {sequence}\n" if sequence is not None else ""
    return f"{number}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
