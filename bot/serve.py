"""Starting the server and the worker as processes."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from types import FrameType

import structlog
import uvicorn

from bot import slack, web
from bot.app import create_app
from bot.beside import WorkerBeside, end_with_server
from bot.logs import configure
from bot.settings import Settings
from bot.wiring import Wiring, build
from ocr import engines
from ocr.errors import OcrError

log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Run the web server, and its worker beside it unless KEIHI_WORKER says that one runs elsewhere.

    The address is printed once the server answers.
    """
    configure(settings)
    _doubt(settings)
    wiring = build(settings)
    _prepare(wiring)
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    beside = (WorkerBeside(),) if settings.worker else ()
    application = create_app(wiring, jobs=False, beside=beside)
    config = uvicorn.Config(application, log_level="warning", access_log=False, timeout_graceful_shutdown=10)
    server = _Server(config, wiring)
    announcer = threading.Thread(target=_announce, args=(server, settings, host, port), daemon=True)
    announcer.start()
    _settle()
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the streams of open pages first, which would otherwise keep the server waiting for them."""

    def __init__(self, config: uvicorn.Config, wiring: Wiring) -> None:
        super().__init__(config)
        self._wiring = wiring

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        web.end_streams(self._wiring.services)
        super().handle_exit(sig, frame)


def work(settings: Settings) -> None:
    """Run jobs only, until told to end or, when a server started us, until it is gone."""
    ended = threading.Event()
    beside = end_with_server(ended)
    if beside:
        os.nice(3)  # the server, which answers people, has the processor first
    configure(settings)
    _doubt(settings)
    wiring = build(settings, patient=True)
    wiring.start_jobs()
    _settle()
    for number in (signal.SIGINT, signal.SIGTERM):
        # A terminal or service manager may signal both processes; beside a server, it is the server that ends us.
        signal.signal(number, signal.SIG_IGN if beside else lambda *_: ended.set())
    if not beside:
        print("Keihi worker is running. Ctrl+C ends it.", flush=True)
    ended.wait()
    wiring.close()


def _doubt(settings: Settings) -> None:
    """What is set and cannot work: better said now than to the first person who sends a receipt."""
    try:
        engines.choose(settings.ocr_engine or None)
    except OcrError as error:
        print(f"keihi: KEIHI_OCR_ENGINE: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if settings.slack_bot_token.get_secret_value() and not slack.enabled(settings):
        log.warning("Slack is off: KEIHI_SLACK_BOT_TOKEN needs KEIHI_SLACK_SIGNING_SECRET or KEIHI_SLACK_APP_TOKEN")


def _settle() -> None:
    """What was loaded until now stays for ever: the garbage collector need not look at it, which would pause us."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    # The thread that holds the database's one write lock must not wait 5 ms for Python each time it comes back to it.
    sys.setswitchinterval(0.0005)


def _prepare(wiring: Wiring) -> None:
    if wiring.settings.demo:
        from bot.demo.organization import seed  # the demo is not part of a production server

        seed(wiring.services)
        web.sample_tray(wiring.settings).draw_ahead()


def _listen(host: str, port: int) -> socket.socket:
    """The wished port, or the next free one within twenty."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + 20) if port else (0,):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        return listener
    raise SystemExit(f"keihi: no free port from {port} to {port + 19} on {host}. Set KEIHI_PORT to another one.")


def _announce(server: uvicorn.Server, settings: Settings, host: str, port: int) -> None:
    waiting = threading.Event()
    while not server.started:
        if server.should_exit:
            return
        waiting.wait(0.05)
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - a comparison
    place = f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
    if settings.demo:
        print(f"\n  経費 Keihi — demo\n  Open this page:  {place}\n  Ctrl+C ends it.\n", flush=True)
    else:
        print(f"Keihi listens on {place}", flush=True)
