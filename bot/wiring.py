"""Composition root: puts the services together from the settings and fills every registry."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot import line, slack, web
from bot.reader import PooledReader
from bot.settings import Settings
from handlers import albums, conversation, directory, inbox, outbox, receipts
from handlers.approvals import delegates, escalation, reminders
from handlers.keys import Keys
from handlers.lane import report as lane
from handlers.rates import wanted
from handlers.services import Limits, Services
from handlers.trips import offering
from storage.blobs import Blobs
from storage.db import Database
from storage.jobs import Jobs
from storage.migrations import migrate

log = structlog.get_logger()

SELDOM = 15  # looks at waiting deliveries for one at what goes by hours and days


@dataclass
class Wiring:
    """The services of one process, and what must be ended with it."""

    settings: Settings
    services: Services
    reader: PooledReader

    def start_jobs(self) -> None:
        """Run jobs in this process, after the reader is warm."""
        self.reader.start()
        self.services.jobs.start(
            concurrency={"chat": self.settings.job_concurrency, "reading": processes(self.settings) + 1}
        )

    def close(self) -> None:
        """End quickly: a receipt being read is read again by the next process, a message being sent is waited for."""
        self.reader.close()
        self.services.jobs.stop(seconds=5)
        self.services.db.close()


def build(settings: Settings, *, patient: bool = False) -> Wiring:
    """Everything, not yet started. The database is brought to the newest schema first.

    ``patient``: this process lets others go first at the database (a worker beside a server that answers people).
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url, retry_seconds=0.005 if patient else 0.001)
    migrate(database)
    limits = Limits(settings.max_file_mb * 1_000_000, settings.max_megapixels * 1_000_000, settings.max_pages)
    reader = PooledReader(settings, limits, processes(settings))
    services = Services(
        db=database,
        blobs=Blobs(settings.blob_url),
        jobs=Jobs(database, sweep_seconds=settings.sweep_seconds),
        reader=reader,
        keys=Keys(settings.key()),
        limits=limits,
        base_url=settings.base_url.rstrip("/"),
        locale=settings.locale,
        zone=settings.zone,
    )
    _register_jobs(services, settings)
    _register_platforms(services, settings)
    return Wiring(settings, services, reader)


def processes(settings: Settings) -> int:
    """OCR processes: as set, else one for each core but one (the web server's), at least one."""
    return settings.ocr_processes or max(1, (os.cpu_count() or 2) - 1)


def _register_jobs(services: Services, settings: Settings) -> None:
    jobs, seldom = services.jobs, SELDOM * settings.sweep_seconds

    def bound(function: Callable[..., None]) -> Callable[..., None]:
        return partial(function, services)

    jobs.register(inbox.JOB, bound(conversation.answer), give_up=bound(conversation.give_up))
    jobs.register(receipts.JOB, bound(receipts.read), queue="reading", give_up=bound(receipts.give_up))
    jobs.register(outbox.JOB, bound(outbox.deliver), give_up=bound(outbox.give_up))
    jobs.register(directory.JOB, bound(directory.link_everybody))
    jobs.sweep(lambda: albums.sweep(services))
    for sweep in (delegates.sweep, reminders.sweep, escalation.sweep, lane.sweep, offering.sweep):
        jobs.sweep(_each(seldom, bound(sweep)))
    jobs.sweep(_each(seldom, bound(wanted.sweep)))


def _each(seconds: float, function: Callable[[], None]) -> Callable[[], None]:
    """The function, called at most once in so many seconds: what goes by hours and days needs no look every moment."""
    called = -seconds

    def call() -> None:
        nonlocal called
        if time.monotonic() - called >= seconds:
            called = time.monotonic()
            function()

    return call


def _register_platforms(services: Services, settings: Settings) -> None:
    if slack.enabled(settings):
        services.platforms["slack"] = slack.platform(services, settings)
    if line.enabled(settings):
        services.platforms["line"] = line.platform(services, settings)
    if web.enabled(settings):
        services.platforms["web"] = web.platform(services, settings)
