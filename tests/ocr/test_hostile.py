"""Files that mean harm, sent to a pool as a server has it: each gets a clear verdict, and the next receipt is read.

Five seconds is the promise on a machine that does nothing else; here the processor time of the reading processes is
held against it, which is the same there and does not depend on who else works on this machine.
"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ocr
from ocr import answers, images
from tests.fakes import plain_engine
from tests.fakes.plain_engine import paper
from tests.ocr import hostile

SITE = Path(plain_engine.__file__).with_name("site")
RECEIPT = paper("喫茶みずうみ", "2026年 8月25日", "合計 ¥500", "お預り ¥1,000", "お釣り ¥500")
VERDICT_SECONDS = 5.0
PATIENCE = 180.0  # on the clock, for a machine with other work
START_SECONDS = 3.0  # what a process that replaces a lost one may take to start
MEMORY = 900 << 20


@pytest.fixture(scope="module")
def pool() -> Iterator[ocr.Pool]:
    root = Path(__file__).resolve().parents[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join((str(SITE), str(root))))
        with ocr.Pool(1, engine=plain_engine.NAME) as made:
            assert made.ready()
            yield made


def spent(pool: ocr.Pool) -> float:
    """Processor seconds of the reading processes, of those that live and those that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = ended.ru_utime + ended.ru_stime
    for pid in pool.pids():
        times = psutil.Process(pid).cpu_times()
        seconds += float(times.user + times.system)
    return seconds


def most_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_gets_its_verdict_and_the_next_receipt_is_read(pool: ocr.Pool, name: str) -> None:
    file = hostile.FILES[name]
    data = file.make()
    before, living = spent(pool), pool.pids()
    try:
        verdict = hostile.OK if pool.read(data, PATIENCE) else "nothing"
    except ocr.OcrError as error:
        verdict = error.code
    replaced = pool.pids() != living
    assert verdict in file.verdicts
    assert spent(pool) - before < VERDICT_SECONDS + START_SECONDS * replaced
    assert pool.read(RECEIPT)[0].total.value == 500
    assert all(most_memory(pid) < MEMORY for pid in pool.pids())


@pytest.mark.parametrize("name", ["pdf whose form draws itself", "png bomb", "pdf with a password"])
def test_a_preview_is_made_within_the_same_bounds(pool: ocr.Pool, name: str) -> None:
    file = hostile.FILES[name]
    with pytest.raises(ocr.OcrError) as caught:
        pool.preview(file.make(), timeout=PATIENCE)
    assert caught.value.code in file.verdicts
    assert pool.preview(RECEIPT, 200).startswith(b"\xff\xd8\xff")


def test_a_process_cannot_take_more_memory_than_it_needs_for_the_largest_picture(pool: ocr.Pool) -> None:
    pool.read(RECEIPT)
    (pid,) = pool.pids()
    soft, hard = psutil.Process(pid).rlimit(psutil.RLIMIT_AS)
    assert soft == hard
    assert soft < psutil.Process(pid).memory_info().vms + (5 << 28)
    assert psutil.Process(pid).rlimit(psutil.RLIMIT_CORE) == (0, 0)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_the_largest_allowed_picture_is_opened_within_bounds(pool: ocr.Pool, form: str) -> None:
    # 7,000 px a side is 49 of 50 megapixels; transparent, which takes the most memory
    how: dict[str, dict[str, object]] = {"WEBP": {"quality": 30, "method": 0}, "TIFF": {"compression": "tiff_lzw"}}
    image = hostile.picture((7000, 7000), "RGBA")
    data = hostile.saved(image, form, **how.get(form, {}))
    with pytest.raises(ocr.NoText):
        pool.read(data)
    assert all(most_memory(pid) < MEMORY for pid in pool.pids())


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"X", b"R", b"R[]", b"R[1]", b'R["{}"]', b"E", b"E[]", b'E{"code": "too_large", "actual": "many"}',
        b"\x80\x04\x95cos\nsystem\n",
    ],
)  # fmt: skip
def test_a_process_that_was_taken_over_can_say_nothing_but_data(answer: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        answers.parsed(answer)


@pytest.mark.parametrize(
    "error",
    [ocr.NotAnImage("a"), ocr.Damaged("b"), ocr.EncryptedPdf("c"), ocr.TooLarge(9, 5, "pixels"), ocr.NoText("d")],
    ids=lambda error: str(error.code),
)
def test_errors_cross_to_the_server_whole(error: ocr.OcrError) -> None:
    with pytest.raises(type(error)) as caught:
        answers.parsed(answers.error(error))
    assert (str(caught.value), vars(caught.value)) == (str(error), vars(error))


def _animated(form: str) -> bytes:
    first, second = hostile.picture((48, 64)), hostile.picture((48, 64)).rotate(180)
    return hostile.saved(first, form, save_all=True, append_images=[second])


SMALL = {
    **{kind: hostile.small(kind) for kind in ("jpeg", "png", "webp", "tiff", "gif", "bmp", "heic", "avif")},
    "several tiff pages": _animated("TIFF"),
    "moving gif": _animated("GIF"),
    "moving webp": _animated("WEBP"),
    "moving png": _animated("PNG"),
    "16-bit png": hostile.saved(hostile.picture(mode="I;16"), "PNG"),
    "cmyk jpeg": hostile.saved(hostile.picture(mode="CMYK"), "JPEG"),
    "palette png": hostile.saved(hostile.picture(mode="P"), "PNG"),
    "packed tiff": hostile.saved(hostile.picture(), "TIFF", compression="tiff_lzw"),
    "pdf of text": hostile.pdf_page(hostile.RECEIPT_TEXT, "/Font << /F1 5 0 R >>", hostile.FONT),
    "pdf of a picture": hostile.saved(hostile.picture(), "PDF"),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_of_every_sort_opens(name: str) -> None:
    page = images.open_bytes(SMALL[name]).pages[0]
    assert page.picture.mode == "RGB"
    assert page.picture.getextrema() != ((255, 255),) * 3  # what was drawn is there


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_flipped_bits_and_cuts_raise_only_the_documented_errors(name: str, data: st.DataObject) -> None:
    bad = bytearray(SMALL[name])
    for _ in range(data.draw(st.integers(0, 8))):
        bad[data.draw(st.integers(0, len(bad) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    if data.draw(st.booleans()):
        bad = bad[: data.draw(st.integers(0, len(bad)))]
    if data.draw(st.integers(0, 4)) == 0:
        at = data.draw(st.integers(0, len(bad)))
        bad[at:at] = data.draw(st.binary(max_size=64))
    with contextlib.suppress(ocr.NotAnImage, ocr.Damaged, ocr.EncryptedPdf, ocr.TooLarge):
        pages = images.open_bytes(bytes(bad), images.Limits(max_pixels=4_000_000)).pages
        assert all(page.picture.mode == "RGB" for page in pages)
