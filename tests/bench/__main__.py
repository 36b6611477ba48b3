"""``make bench``: how quickly the server answers, shows a sign of life, and turns a photo into a card.

Everything is real but the platforms, which are the tests' strict stand-ins on this machine. Ours and a bare FastAPI
echo get the same webhooks in the same second, turn by turn, while both cores read receipts.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

import httpx
from PIL import Image

from bot.demo.receipts import MOTIFS, render_sample
from tests.bench.report import machine, quantile, replace_part, table
from tests.contract.node import free_port
from tests.fakes.line import LineServer, as_bytes
from tests.fakes.line_phone import LinePhone, Webhook, signature
from tests.fakes.seen import Attachment
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.waiting import wait_until

EVENTS = 600
EACH_SECOND = 20
PHOTOS = 12


def photo(number: int) -> bytes:
    """A 12-megapixel JPEG of a sample receipt, never the same bytes twice."""
    motif = MOTIFS[number % (len(MOTIFS) - 1)]
    picture = Image.open(io.BytesIO(render_sample(motif, date(2026, 11, 20)).image)).convert("RGB")
    large = picture.resize((3000, 4000), Image.Resampling.BICUBIC)
    large.putpixel((0, 0), (number % 256, number // 256, 7))
    out = io.BytesIO()
    large.save(out, "JPEG", quality=88)
    return out.getvalue()


@contextmanager
def echo() -> Iterator[str]:
    """The bare server, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.echo:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), 30, what="the echo does not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def webhooks(line: LineServer, phone: LinePhone, ours: str, bare: str) -> tuple[list[float], list[float], int]:
    """Milliseconds to the answer of each, at a steady rate, and how many of ours were not answered with 200."""
    hook = Webhook(line, ours)
    times: dict[str, list[float]] = {ours: [], bare: []}
    failures = 0
    client = httpx.Client(timeout=10, limits=httpx.Limits(max_keepalive_connections=4))
    begin = time.perf_counter()
    lock = threading.Lock()

    def send(url: str, body: bytes) -> None:
        nonlocal failures
        headers = {"Content-Type": "application/json", "x-line-signature": signature(line.channel_secret, body)}
        started = time.perf_counter()
        status = client.post(f"{url}/line/callback", content=body, headers=headers).status_code
        with lock:
            times[url].append((time.perf_counter() - started) * 1000)
            failures += url == ours and status != 200

    threads = []
    for number in range(EVENTS):
        pause = begin + number / EACH_SECOND - time.perf_counter()
        if pause > 0:
            time.sleep(pause)  # the rate is the thing measured at
        message = {"type": "text", "id": line.new_message_id(), "text": "使い方", "quoteToken": "q"}
        event = hook.event("message", phone.source, phone.chat, message=message)
        body = as_bytes({"destination": line.bot_id, "events": [event]})
        for url in (ours, bare):
            thread = threading.Thread(target=send, args=(url, body))
            thread.start()
            threads.append(thread)
    for thread in threads:
        thread.join()
    return times[ours], times[bare], failures


def photos(phone: SlackPhone, server: Server) -> tuple[list[float], list[float]]:
    """Seconds from the photo to the first sign of life, and to the card, one photo after the other."""
    signs, cards = [], []
    for number in range(PHOTOS + 2):
        data = photo(1000 + number)
        before = len(phone.messages())
        started = time.perf_counter()
        phone.send([Attachment(f"{number}.jpg", data)])
        wait_until(lambda b=before: len([m for m in phone.messages()[b:] if not m.mine]) >= 1, 30, every=0.01)
        sign = time.perf_counter() - started
        wait_until(lambda b=before: any(m.buttons for m in phone.messages()[b:]), 60, every=0.01)
        if number >= 2:  # the first two warm everything up
            signs.append(sign)
            cards.append(time.perf_counter() - started)
    return signs, cards


def main() -> None:
    where = machine()
    with tempfile.TemporaryDirectory() as folder, echo() as bare:
        slack, line = SlackServer(), LineServer()
        line.start()
        slack.start()
        worker = slack.add_user("佐藤", "sato@example.jp")
        reader = line.add_user("高橋")
        server = Server(Path(folder), slack=slack, line=line, engine="", ocr_processes="2", sweep_seconds="2")
        server.start()
        _members(server, Path(folder), worker.id, reader.id)
        slack_phone, line_phone = SlackPhone(slack, worker), LinePhone(line, reader)
        signs, cards = photos(slack_phone, server)
        stop = threading.Event()
        load = threading.Thread(target=_read_and_read, args=(slack_phone, stop))
        load.start()
        time.sleep(3)  # until both reading processes are busy
        ours, plain, failures = webhooks(line, line_phone, server.url, bare)
        stop.set()
        load.join()
        server.kill()
    rows = [
        ["answer to a webhook, p50", f"{median(ours):.1f} ms", f"{median(plain):.1f} ms", "≤ 30 ms"],
        ["answer to a webhook, p99", f"{quantile(ours, 0.99):.0f} ms", f"{quantile(plain, 0.99):.0f} ms", "≤ 300 ms"],
        ["slowest answer", f"{max(ours):.0f} ms", f"{max(plain):.0f} ms", "< 2 s"],
        ["not answered with 200", str(failures), "", "0"],
        ["first sign of life in Slack, median", f"{median(signs):.2f} s", "", "≤ 1 s"],
        ["first sign of life in Slack, slowest", f"{max(signs):.2f} s", "", "≤ 1 s"],
        ["12 MP photo to card, median", f"{median(cards):.2f} s", "", "≤ 4 s"],
        ["12 MP photo to card, slowest", f"{max(cards):.2f} s", "", ""],
    ]
    text = (
        "## The server\n\n`make bench` — " + where + f". {EVENTS} signed LINE webhooks at {EACH_SECOND} a second, each "
        "sent to ours (signature checked, event and job stored in SQLite) and to a bare FastAPI echo at once, "
        f"while two processes read a queue of receipts. {PHOTOS} photos one by one, nothing else running.\n\n"
        + table(["figure", "Keihi", "bare echo", "wanted"], rows)
    )
    replace_part("server", text)
    print(text)
    print(json.dumps({"p50_ms": median(ours), "p99_ms": quantile(ours, 0.99), "echo_p50_ms": median(plain)}))


def _members(server: Server, folder: Path, slack_user: str, line_user: str) -> None:
    file = folder / "members.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["name", "email", "manager", "slack", "line"])
        rows.writerow(["佐藤", "sato@example.jp", "tanaka@example.jp", slack_user, ""])
        rows.writerow(["田中", "tanaka@example.jp", "sato@example.jp", "", ""])
        rows.writerow(["高橋", "takahashi@example.jp", "tanaka@example.jp", "", line_user])
    server.cli("members", "import", str(file))


def _read_and_read(phone: SlackPhone, stop: threading.Event) -> None:
    """Keep both reading processes busy."""
    number = 5000
    while not stop.is_set():
        number += 1
        phone.send([Attachment(f"{number}.jpg", _small(number))])
        stop.wait(0.35)


def _small(number: int) -> bytes:
    if not _BASE:
        _BASE.append(Image.open(io.BytesIO(render_sample(MOTIFS[0], date(2026, 11, 20)).image)).convert("RGB"))
    picture = _BASE[0].copy()
    picture.putpixel((0, 0), (number % 256, number // 256, 9))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


_BASE: list[Image.Image] = []

if __name__ == "__main__":
    main()
