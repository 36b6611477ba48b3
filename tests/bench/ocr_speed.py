"""How long a reading takes, against the bare engine on the same photos in the same run, and what it needs.

Wall time is measured with every core free for one picture; what the reading itself costs is told in processor seconds
too, which hardly change when something else runs on the machine.
"""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

import ocr
from ocr import engines, memory, reader
from ocr.engines import Engine, Pixels, TextLine
from tests.bench.ocr_others import processor_seconds
from tests.bench.report import quantile, table


@dataclass(frozen=True)
class Speed:
    """Seconds of wall time, ``cpu`` of processor time, a photo; ``memory`` in MB; ``around`` and ``scaling`` ratios."""

    median: float
    p95: float
    cpu: float
    bare: float
    bare_cpu: float
    around: float
    memory: float
    scaling: float

    def table(self) -> str:
        rows = [
            ["12 MP photo to reading, median", f"{self.median:.2f} s", "≤ 1.0 s"],
            ["12 MP photo to reading, p95", f"{self.p95:.2f} s", "≤ 2.5 s"],
            ["bare engine as it comes on the same photos, median", f"{self.bare:.2f} s", ""],
            ["processor time of a reading, mean", f"{self.cpu:.2f} s", ""],
            ["processor time of the bare engine, mean", f"{self.bare_cpu:.2f} s", ""],
            ["everything around our engine, of the processor time", f"{self.around:.0%}", "≤ 15 %"],
            ["memory of one process at most", f"{self.memory:.0f} MB", "≤ 900 MB"],
            ["two processes against one", f"{self.scaling:.2f} ×", "≥ 1.6"],
        ]
        return table(["figure", "measured", "wanted"], rows)


def photos(own: Path, count: int = 12) -> list[bytes]:
    """The first drawn receipts as photos of twelve megapixels."""
    made = []
    for file in sorted((own / "images").iterdir())[:count]:
        image = Image.open(file).convert("RGB")
        ratio = (12_000_000 / (image.width * image.height)) ** 0.5
        out = io.BytesIO()
        image.resize((round(image.width * ratio), round(image.height * ratio))).save(out, "JPEG", quality=88)
        made.append(out.getvalue())
    return made


def measure(photos: list[bytes]) -> Speed:
    """Ours and the bare engine take turns, photo by photo, so that both meet the same minutes of this machine."""
    from rapidocr import RapidOCR

    bare = RapidOCR(params={"Global.log_level": "error"})
    ours, theirs, cpu, bare_cpu = [], [], 0.0, 0.0
    with ocr.Pool(1) as pool:
        pool.ready()
        pool.read(photos[0], 60)
        bare(np.asarray(Image.open(io.BytesIO(photos[0]))))
        for photo in photos:
            used, began = processor_seconds(pool.pids()), time.perf_counter()
            pool.read(photo, 60)
            ours.append(time.perf_counter() - began)
            cpu += processor_seconds(pool.pids()) - used
            bare_used, began = time.process_time(), time.perf_counter()
            bare(np.asarray(Image.open(io.BytesIO(photo))))
            theirs.append(time.perf_counter() - began)
            bare_cpu += time.process_time() - bare_used
        most = max(_peak(pid) for pid in pool.pids())
    one, two = (_throughput(photos, processes) for processes in (1, 2))
    return Speed(
        median=median(ours),
        p95=quantile(ours, 0.95),
        cpu=cpu / len(photos),
        bare=median(theirs),
        bare_cpu=bare_cpu / len(photos),
        around=_around(photos),
        memory=most,
        scaling=two / one,
    )


class _Clocked:
    """An engine that adds up the processor time spent in it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.seconds = 0.0

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        began = time.process_time()
        try:
            return self._engine.read(pixels, long_side)
        finally:
            self.seconds += time.process_time() - began


def _around(photos: list[bytes]) -> float:
    """Share of the processor time of readings that is spent outside the engine, every look at a picture counted."""
    memory.keep()
    name = engines.choose(None)
    clocked = _Clocked(engines.LOADERS[name](1))
    engines.LOADERS["clocked"] = lambda _: clocked
    try:
        reader.read(photos[0], engine="clocked")
        clocked.seconds = 0.0
        began = time.process_time()
        for photo in photos:
            reader.read(photo, engine="clocked")
        total = time.process_time() - began
    finally:
        del engines.LOADERS["clocked"]
    return 1 - clocked.seconds / total


def _peak(pid: int) -> float:
    """Most memory that the process ever had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _throughput(photos: list[bytes], processes: int) -> float:
    """Photos a second with one engine thread a process."""
    with ocr.Pool(processes, threads=1) as pool, ThreadPoolExecutor(processes) as threads:
        pool.ready()
        list(threads.map(lambda photo: pool.read(photo, 60), photos[:processes]))
        began = time.perf_counter()
        list(threads.map(lambda photo: pool.read(photo, 60), photos))
        return len(photos) / (time.perf_counter() - began)
