"""``keihi demo``: the main job told in a terminal. Real server, real phones over HTTP, a data folder for one night."""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.app import create_app
from bot.demo.organization import NAME, PEOPLE, seed
from bot.demo.phones import Heard, Phones
from bot.demo.receipts.tray import MOTIFS, TOKYO, Sample, render_sample
from bot.logs import configure
from bot.settings import Settings
from bot.web import end_streams
from bot.wiring import Wiring, build
from handlers.errors import KeihiError
from handlers.texts import t
from ocr.errors import OcrError
from storage.errors import StorageError
from storage.models import Claim

START_SECONDS = 60.0
READ_SECONDS = 90.0
ANSWER_SECONDS = 20.0
_NAMES = {person.user: person.name for person in PEOPLE}


def play() -> int:
    """Tell the story; 0 when the claim ended approved, else 1 after one sentence that says what was missing."""
    with tempfile.TemporaryDirectory(prefix="keihi-demo-") as folder:
        settings = _settings(Path(folder))
        locale = settings.locale
        try:
            with _server(settings) as (wiring, address):
                return Story(wiring, address, locale).tell()
        except (BadEnd, TimeoutError) as missing:
            what = str(missing)
        except (KeihiError, OcrError, StorageError, SQLAlchemyError, httpx.HTTPError, OSError) as error:
            what = f"{type(error).__name__}: {error}"
        print("\n" + t(locale, "The story did not end well: {what}", what=what), file=sys.stderr)
        return 1


class BadEnd(Exception):
    """The story cannot go on; the text says why."""


class Story:
    """One receipt from the photo to the audit record."""

    def __init__(self, wiring: Wiring, address: str, locale: str) -> None:
        self._wiring = wiring
        self._locale = locale
        self._printing = threading.Lock()
        self._shown: dict[str, Any] = {}
        self._started = time.monotonic()
        self._told = False
        self._phones = Phones(address, self._narrate)

    def tell(self) -> int:
        sample = self._choose()
        print(self._t("Keihi: from the photo to the approved claim"))
        print(self._t("{organization}: a fictional organisation, on this computer alone.", organization=NAME) + "\n")
        self._started = time.monotonic()
        self._told = True

        self._line("worker", f"📷 {sample.key}.jpg")
        self._phones.send("worker", f"{sample.key}.jpg", sample.image, sample.media_type)
        draft = self._card("worker", _is_draft_or_failure, READ_SECONDS, self._t("the draft did not come"))
        if not _has_primary(draft):
            raise BadEnd(draft["title"])
        self._tap("worker", draft)
        request = self._card("supervisor", _has_primary, ANSWER_SECONDS, self._t("the supervisor got no card"))
        self._tap("supervisor", request)
        for user in ("worker", "supervisor"):
            self._card(user, _is_good, ANSWER_SECONDS, self._t("a card did not change after the approval"))
        record = self._phones.wait(
            lambda heard: heard.name == "audit" and any(_is_approval(line) for line in self._lines(heard)),
            ANSWER_SECONDS,
            self._t("the audit record has no line of the approval"),
        )
        seconds = time.monotonic() - self._started
        return self._end(record, seconds)

    def _end(self, record: Heard, seconds: float) -> int:
        home = record.data["organization"]
        with self._wiring.services.db.snapshot(home) as session:
            claim = session.scalars(select(Claim)).first()
            number, state = (claim.number, claim.state) if claim else (0, "")
        self._phones.close()
        if state != "approved" or record.data["broken"]:
            raise BadEnd(f"claim: {state or '-'}, audit: {record.data['broken'] or 'ok'}")
        print()
        print(
            self._t(
                "✓ Claim #{number} is approved, {seconds} s after the photo.", number=number, seconds=f"{seconds:.1f}"
            )
        )
        print(self._t("✓ The audit record holds: {count} lines, chained and checked.", count=record.data["length"]))
        return 0

    def _choose(self) -> Sample:
        return render_sample(MOTIFS[0], datetime.now(TOKYO).date())

    # --- phones -------------------------------------------------------------------------------------------------------

    def _card(self, user: str, wanted: Any, seconds: float, missing: str) -> dict[str, Any]:
        heard = self._phones.wait(
            lambda heard: heard.name == "bubble" and heard.data["phone"] == user and wanted(heard.data["card"] or {}),
            seconds,
            missing,
        )
        card: dict[str, Any] = heard.data["card"]
        return card

    def _tap(self, user: str, card: dict[str, Any]) -> None:
        button = next(button for button in card["buttons"] if button["style"] == "primary")
        self._line(user, f"[ {button['label']} ]")
        self._phones.tap(user, button["token"])

    # --- telling ------------------------------------------------------------------------------------------------------

    def _narrate(self, heard: Heard) -> None:
        if not self._told:
            return
        if heard.name == "audit":
            mark = "✕" if heard.data["broken"] else "✓"
            for line in heard.data["lines"]:
                self._line("audit", f"#{line['sequence']} {line['what']} {line['hash'][:12]}… {mark}")
        elif heard.data["author"] == "bot" and heard.data["card"]:
            self._show(heard.data)

    def _show(self, bubble: dict[str, Any]) -> None:
        card = bubble["card"]
        before = self._shown.get(bubble["id"])
        self._shown[bubble["id"]] = card
        verb = "←" if before is None else "↻"
        self._line(bubble["phone"], f"{verb} {card['title']}")
        known = before["fields"] if before else []
        for field in [field for field in card["fields"] if field not in known]:
            mark = "⚠" if field["doubted"] else " "
            self._plain(f"    {mark} {_pad(field['label'], 10)} {field['value']}")
        for text in (card["lead"], *(note["text"] for note in card["notes"])):
            if text:
                self._plain(f"      {text}")
        if card["buttons"]:
            self._plain("      " + " ".join(f"[{button['label']}]" for button in card["buttons"]))

    def _line(self, user: str, text: str) -> None:
        seconds = time.monotonic() - self._started
        who = self._t("Audit record") if user == "audit" else _NAMES.get(user, user)
        self._plain(f"{seconds:5.1f}s  {_pad(who, 10)}  {text}", indent=0)

    def _plain(self, text: str, *, indent: int = 19) -> None:
        with self._printing:
            print(" " * indent + text, flush=True)

    def _t(self, text: str, /, **values: object) -> str:
        return t(self._locale, text, **values)

    @staticmethod
    def _lines(heard: Heard) -> list[dict[str, Any]]:
        return list(heard.data["lines"])


def _has_primary(card: dict[str, Any]) -> bool:
    return bool(card.get("fields")) and any(button["style"] == "primary" for button in card.get("buttons", ()))


def _is_draft_or_failure(card: dict[str, Any]) -> bool:
    return _has_primary(card) or (card.get("tone") in ("doubt", "bad") and not card.get("fields"))


def _is_good(card: dict[str, Any]) -> bool:
    return card.get("tone") == "good" and bool(card.get("fields"))


def _is_approval(line: dict[str, Any]) -> bool:
    return bool(line["action"] == "claim.approved")


def _pad(text: str, width: int) -> str:
    """Filled up to ``width`` columns; a Japanese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - taken)


# --- the server -------------------------------------------------------------------------------------------------------


def _settings(folder: Path) -> Settings:
    """The person's own settings for reading and language; everything else fresh, and no platform but the local chat."""
    own = Settings()
    return Settings(
        data_dir=folder,
        database_url="",
        blob_url="",
        demo=True,
        host="127.0.0.1",
        port=0,
        base_url="",
        worker=True,
        slack_bot_token="",
        slack_signing_secret="",
        slack_app_token="",
        slack_client_id="",
        slack_client_secret="",
        line_channel_secret="",
        line_channel_token="",
        log_level="ERROR",
        locale=own.locale,
        sweep_seconds=0.5,
    )


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[Wiring, str]]:
    """The server as ``keihi serve`` runs it, on a free port, in a thread of this process."""
    configure(settings)
    wiring = build(settings)
    seed(wiring.services)
    listener = socket.create_server((settings.host, 0))
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(create_app(wiring), log_level="error", access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True, name="server")
    thread.start()
    try:
        end = time.monotonic() + START_SECONDS
        while not server.started:
            if not thread.is_alive() or time.monotonic() > end:
                raise TimeoutError(t(settings.locale, "the server did not start"))
            time.sleep(0.05)
        yield wiring, f"http://{host}:{port}"
    finally:
        end_streams(wiring.services)
        server.should_exit = True
        thread.join(30)
