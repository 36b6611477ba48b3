"""The life of one OCR process: load the engine, say ready, answer pictures until the parent is gone.

Started by ``ocr.pool`` as ``python -m ocr.worker FD PARENT JOB``. Over the socket FD come a wish as JSON and the bytes
of a file; one answer as in ``ocr.answers`` goes back.

A file that nobody has looked at is opened within bounds that the kernel keeps, also inside a decoder's C code: memory
by RLIMIT_AS, processor time by a timer that ends the process.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ocr import answers, images, memory
from ocr.errors import EngineFailed, OcrError
from ocr.images import Limits
from ocr.reading import Reading

OPENING_SECONDS = 4.0  # of processor time; 50 megapixels of the slowest format take 2.3
HEADROOM = 1 << 30  # bytes of address space beyond what the loaded engine has; 50 megapixels of any format take 0.7

Read = Callable[..., tuple[Reading, ...]]


def main(arguments: list[str]) -> None:
    descriptor, parent, job = int(arguments[0]), int(arguments[1]), json.loads(arguments[2])
    _end_with(parent)
    pipe: Connection[Any, Any] = Connection(descriptor)
    limits = Limits(**job["limits"])
    memory.keep()
    read, broken = _reader(job, limits)
    _bound_memory()
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(answers.error(broken) if broken else answers.READY)
        while True:
            wish = json.loads(pipe.recv_bytes())
            pipe.send_bytes(_answer(pipe, wish, pipe.recv_bytes(), read, limits))


def _reader(job: dict[str, Any], limits: Limits) -> tuple[Read, OcrError | None]:
    """The reading function with its engine warmed; or one that repeats why there is none, and why."""
    from ocr import reader

    try:
        reader.configure(engine=job["engine"], threads=job["threads"], limits=limits)
        reader.warm()
    except OcrError as error:
        broken = error

        def refuse(_: bytes, **__: object) -> tuple[Reading, ...]:
            raise broken

        return refuse, broken
    return reader.read_all, None


def _answer(pipe: Connection[Any, Any], wish: dict[str, Any], data: bytes, read: Read, limits: Limits) -> bytes:
    @contextlib.contextmanager
    def opening() -> Iterator[None]:
        with _hurried():
            yield
        pipe.send_bytes(answers.OPENED)

    try:
        if wish["want"] == "preview":
            with _hurried():
                return answers.picture(images.preview(data, wish["long_side"], turned=wish["turned"], limits=limits))
        return answers.readings(read(data, opening=opening))
    except OcrError as error:
        return answers.error(error)
    except MemoryError:
        raise  # a process that ran out of memory is not to be used again
    except Exception as error:
        return answers.error(EngineFailed(type(error).__name__))


@contextlib.contextmanager
def _hurried() -> Iterator[None]:
    """The kernel ends this process when what happens within takes more than OPENING_SECONDS of processor time."""
    signal.setitimer(signal.ITIMER_PROF, OPENING_SECONDS)  # SIGPROF ends a process that does not ask for it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _bound_memory() -> None:
    """No more address space than now and HEADROOM; no core dump, which would hold the picture."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + HEADROOM
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _end_with(parent: int) -> None:
    """End when the parent ends, even by kill -9: by the kernel (PR_SET_PDEATHSIG, Linux) and by looking."""
    with contextlib.suppress(OSError):
        os.nice(10)  # a webhook is answered first
    with contextlib.suppress(OSError):
        # Linux desktops and small servers share the processor out by session first, and this process has its own.
        Path("/proc/self/autogroup").write_text("10")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


if __name__ == "__main__":
    main(sys.argv[1:])
