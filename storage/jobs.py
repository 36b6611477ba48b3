"""Work that outlives a crash. The only module that knows the job engine (DBOS).

A job is a name, JSON arguments and an id. It is enqueued in the caller's own transaction (:meth:`Jobs.enqueue`): the
row that asks for the work and the work itself are there together or not at all, and the same id twice is one job.

Guard rails, each against a failure that was seen:

* an executor id per process, a constant application version: a job started by one process may be finished by another;
* short jobs; waiting lives in ``job_record.next_at`` and is swept, a job never sleeps (it raises :class:`Later`);
* a heartbeat per process, and every process looks for jobs of dead ones and puts them back in their queue;
* our own count of tries, stored before each try: a job that kills its process stops after :data:`TRIES`.

A job may run more than once (a crash after its effect, before its mark). What it does must therefore be repeatable:
database changes guarded by state, outside effects by an idempotency key.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from dbos import DBOS, DBOSClient
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.db import EVERY_ORGANIZATION, Database
from storage.models import Executor, JobRecord

log = structlog.get_logger()

TRIES = 3
BEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 20.0
LOST_AFTER_SECONDS = 60.0
VERSION = "keihi-jobs-1"
WORKFLOW = "keihi.job"

JobFunction = Callable[..., None]


class Later(Exception):
    """Raised by a job that cannot be done now through no fault of its own: call it again in ``seconds``."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds


@dataclass(frozen=True)
class Kind:
    """A registered job: its function, its queue, and what to do when it is given up."""

    function: JobFunction
    queue: str
    give_up: Callable[..., None] | None


class Jobs:
    """The registry of jobs, and the engine that runs them in this process once :meth:`start` was called."""

    def __init__(self, database: Database, *, poll_seconds: float = 0.1, sweep_seconds: float = 2.0) -> None:
        self._db = database
        self._poll = poll_seconds
        self._sweep_seconds = sweep_seconds
        self._kinds: dict[str, Kind] = {}
        self._sweeps: list[Callable[[], None]] = []
        # Made here, not at the first use: it opens a connection, which must not happen inside a caller's transaction.
        self._client = DBOSClient(
            system_database_engine=database.engine, serializer=DBOSPortableJSON, application_name="keihi"
        )
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.executor_id = f"{_place()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    # --- registry -----------------------------------------------------------------------------------------------------

    def register(
        self, name: str, function: JobFunction, *, queue: str = "chat", give_up: Callable[..., None] | None = None
    ) -> None:
        """``function(organization_id, **args)`` does the work; ``give_up`` gets the same after the last failed try."""
        self._kinds[name] = Kind(function, queue, give_up)

    def sweep(self, function: Callable[[], None]) -> None:
        """Call ``function`` every few seconds in one thread of every worker; it must stand being called in several."""
        self._sweeps.append(function)

    # --- asking for work ----------------------------------------------------------------------------------------------

    def enqueue(self, session: Session, name: str, job_id: str, **args: Any) -> None:
        """Ask for a job in the caller's transaction. An id that was used before is the same job, done or not."""
        if session.get(JobRecord, job_id) is not None:
            return
        record = JobRecord(
            id=job_id,
            organization_id=args.get("organization_id") or session.info["organization_id"],
            name=name,
            args=args,
            updated_at=datetime.now(UTC),
        )
        session.add(record)
        session.flush()
        self._engine_enqueue(session, record)

    def _engine_enqueue(self, session: Session, record: JobRecord) -> None:
        self._client.enqueue_in_transaction(
            session,
            {
                "workflow_name": WORKFLOW,
                "queue_name": self._kinds[record.name].queue,
                "workflow_id": f"{record.id}#{record.runs}",
                "application_name": "keihi",
            },
            record.id,
        )

    # --- doing it -----------------------------------------------------------------------------------------------------

    def start(self, *, concurrency: Mapping[str, int]) -> None:
        """Run jobs in this process. ``concurrency``: queue name → jobs at a time here. Once per process."""
        DBOS(
            config={
                "name": "keihi",
                "system_database_url": self._db.url,
                "executor_id": self.executor_id,
                "application_version": VERSION,
                "log_level": "ERROR",
                "serializer": DBOSPortableJSON,
                "run_migrations": False,
            }
        )

        def run(job_id: str) -> None:  # the engine decorates functions, not methods
            self._run(job_id)

        DBOS.workflow(name=WORKFLOW)(run)
        self._beat()
        DBOS.launch()
        for queue, limit in concurrency.items():
            DBOS.register_queue(queue, worker_concurrency=limit, polling_interval_sec=self._poll)
        for target, seconds in ((self._beat_and_rescue, BEAT_SECONDS), (self._sweep_all, self._sweep_seconds)):
            thread = threading.Thread(target=self._every, args=(seconds, target), daemon=True, name=target.__name__)
            thread.start()
            self._threads.append(thread)

    def stop(self, *, seconds: int = 10) -> None:
        """Let running jobs end, at most ``seconds``; what is left is rescued by the next process."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=5)
        if self._threads:
            DBOS.destroy(workflow_completion_timeout_sec=seconds, destroy_registry=True)
            with self._db.transaction(EVERY_ORGANIZATION) as session:
                session.execute(delete(Executor).where(Executor.id == self.executor_id))
        self._threads.clear()
        self._client.destroy()

    def _run(self, job_id: str) -> None:
        """One run of a job: count the try first, so that a try that kills us is counted too."""
        with self._db.transaction(EVERY_ORGANIZATION) as session:
            record = session.get(JobRecord, job_id, with_for_update=True)
            if record is None or record.state in ("done", "dead"):
                return
            if record.state == "running":  # the process of the try before died with it
                record.attempts += 1
            record.state, record.updated_at = "running", datetime.now(UTC)
            name, organization_id, args = record.name, record.organization_id, dict(record.args)
            exhausted = record.attempts >= TRIES
        kind = self._kinds[name]
        if exhausted:
            self._end(job_id, kind, organization_id, args, "the process died in every try")
            return
        try:
            kind.function(organization_id, **args)
        except Later as later:
            self._wait(job_id, later.seconds, str(later), counts=False)
        except Exception as error:
            log.exception("job failed", job=name, job_id=job_id)
            if self._wait(job_id, 1.0, f"{type(error).__name__}: {error}", counts=True) >= TRIES:
                self._end(job_id, kind, organization_id, args, f"{type(error).__name__}: {error}")
        else:
            self._mark(job_id, "done")

    def _wait(self, job_id: str, seconds: float, why: str, *, counts: bool) -> int:
        with self._db.transaction(EVERY_ORGANIZATION) as session:
            record = session.get_one(JobRecord, job_id)
            if counts:
                record.attempts += 1
                seconds = seconds * 2 ** (record.attempts - 1)
            else:
                record.waits += 1
            record.state, record.error = "waiting", why[:500]
            record.next_at = datetime.now(UTC) + timedelta(seconds=seconds)
            record.updated_at = datetime.now(UTC)
            return record.attempts

    def _end(self, job_id: str, kind: Kind, organization_id: str, args: dict[str, Any], why: str) -> None:
        log.error("job given up", job_id=job_id, why=why)
        if kind.give_up is not None:
            try:
                kind.give_up(organization_id, **args)
            except Exception:  # even telling failed; the job must end all the same
                log.exception("giving up failed", job_id=job_id)
        self._mark(job_id, "dead", why)

    def _mark(self, job_id: str, state: str, error: str = "") -> None:
        with self._db.transaction(EVERY_ORGANIZATION) as session:
            record = session.get_one(JobRecord, job_id)
            record.state, record.error, record.updated_at = state, error[:500], datetime.now(UTC)

    # --- keeping it going ---------------------------------------------------------------------------------------------

    def _every(self, seconds: float, function: Callable[[], None]) -> None:
        while not self._stopping.wait(seconds):
            try:
                function()
            except Exception:  # whatever it was: the next round may succeed, and without any nothing is rescued
                log.exception("background task failed", task=function.__name__)

    def _sweep_all(self) -> None:
        self._requeue_due()
        self._find_lost()
        for function in self._sweeps:
            function()

    def _requeue_due(self) -> None:
        """Give jobs whose waiting time is over a new run."""
        now = datetime.now(UTC)
        with self._db.snapshot(EVERY_ORGANIZATION) as session:
            due = session.scalars(
                select(JobRecord.id).where(JobRecord.state == "waiting", JobRecord.next_at <= now).limit(100)
            ).all()
        for job_id in due:
            with self._db.transaction(EVERY_ORGANIZATION) as session:
                record = session.get_one(JobRecord, job_id, with_for_update=True)
                if record.state != "waiting":
                    continue
                record.state, record.runs, record.next_at = "queued", record.runs + 1, None
                record.updated_at = datetime.now(UTC)
                session.flush()
                self._engine_enqueue(session, record)

    def _find_lost(self) -> None:
        """Jobs whose run ended in the engine without our noting how (our own rows could not be written): run again."""
        before = datetime.now(UTC) - timedelta(seconds=LOST_AFTER_SECONDS)
        with self._db.snapshot(EVERY_ORGANIZATION) as session:
            stale = select(JobRecord).where(JobRecord.state.in_(("queued", "running")), JobRecord.updated_at < before)
            records = session.scalars(stale.order_by(JobRecord.updated_at).limit(100)).all()
        runs = {f"{record.id}#{record.runs}": record.id for record in records}
        if not runs:
            return
        ended = DBOS.list_workflows(workflow_ids=list(runs), load_input=False, load_output=False)
        for job_id in [runs[w.workflow_id] for w in ended if w.status not in ("PENDING", "ENQUEUED", "DELAYED")]:
            log.warning("a job was lost; running it again", job_id=job_id)
            self._wait(job_id, 0.0, "its run was lost", counts=True)

    def _beat(self) -> None:
        with self._db.transaction(EVERY_ORGANIZATION) as session:
            session.merge(Executor(id=self.executor_id, seen_at=datetime.now(UTC)))

    def _beat_and_rescue(self) -> None:
        self._beat()
        with self._db.snapshot(EVERY_ORGANIZATION) as session:
            alive = {row.id for row in session.scalars(select(Executor)) if not _is_dead(row.id, row.seen_at)}
        orphans: dict[str, list[str]] = {}
        for workflow in DBOS.list_workflows(status="PENDING", name=WORKFLOW, load_input=False, load_output=False):
            if workflow.executor_id not in alive and workflow.queue_name:
                orphans.setdefault(workflow.queue_name, []).append(workflow.workflow_id)
        for queue, ids in orphans.items():
            log.warning("taking over jobs of a process that ended", queue=queue, jobs=len(ids))
            DBOS.resume_workflows(ids, queue_name=queue)


def migrate_engine(database: Database) -> None:
    """Create or update the engine's own tables (in the schema ``dbos`` on PostgreSQL)."""
    client = DBOSClient(system_database_url=database.url, serializer=DBOSPortableJSON, application_name="keihi")
    try:
        client._sys_db.run_migrations()
    finally:
        client.destroy()


def _place() -> str:
    """Where process ids mean something: this boot of this machine, this process-id namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{boot}-{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:  # not Linux
        return socket.gethostname()


def _is_dead(executor_id: str, seen_at: datetime) -> bool:
    """A process is dead when its heart stopped, or at once when its id is gone from the machine we are on."""
    place, pid, _ = executor_id.rsplit(":", 2)
    if place == _place() and not _runs(int(pid)):
        return True
    return (datetime.now(UTC) - seen_at).total_seconds() > DEAD_AFTER_SECONDS


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
