"""Every engine that is installed keeps the protocol: text where it stands, at any scale, long, empty, and offline."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.demo.receipts import Rendered, Scene, Spec, render
from ocr import engines
from ocr.engines import Pixels, TextLine
from ocr.engines.strips import strips
from ocr.errors import EngineFailed
from tests.bench.generate import label

ROOT = Path(__file__).resolve().parents[2]
SIDE = 1120
WHY = {
    "faster-paddle": "the extra faster-paddle is not installed",
    "rapidocr": "rapidocr is not installed",
    "tesseract": "Debian's tesseract-ocr is not installed",
}


@pytest.fixture(params=list(engines.LOADERS))
def name(request: pytest.FixtureRequest) -> str:
    if not engines.installed(request.param):
        pytest.skip(WHY[request.param])
    return str(request.param)


@cache
def receipt() -> Rendered:
    return render(Spec(9, "parking", scene=Scene("oak", 1100, fill=0.8, angle=0)))


def pixels_of(made: Rendered) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(made.image)).convert("RGB"))


def joined(lines: list[TextLine]) -> str:
    return "".join(line.text for line in lines).replace(" ", "").replace(",", "")


def test_every_engine_reads_the_figures_of_a_receipt(name: str) -> None:
    lines = engines.load(name).read(pixels_of(receipt()), SIDE)
    want = label(receipt().truth)
    assert str(want["total"]) in joined(lines)
    assert all(0 <= line.score <= 1 and line.text.strip() for line in lines)


def test_text_stands_where_it_is_said_to_stand(name: str) -> None:
    """Half as large is half as far: corners are px of the picture that was given, whatever the engine scales to."""
    large = pixels_of(receipt())
    small = np.asarray(Image.fromarray(large).resize((large.shape[1] * 3 // 4, large.shape[0] * 3 // 4)))
    figure = str(label(receipt().truth)["total"])
    places = [_place(engines.load(name).read(picture, SIDE), figure) for picture in (large, small)]
    assert places[1] == pytest.approx(0.75 * places[0], abs=12)
    assert 0 < places[0] < large.shape[0]


def _place(lines: list[TextLine], figure: str) -> float:
    """Middle (px from the top) of the first line with the figure."""
    found = sorted(sum(y for _, y in line.quad) / 4 for line in lines if figure in line.text.replace(",", ""))
    assert found, [line.text for line in lines]
    return found[0]


def test_a_blank_picture_has_no_text(name: str) -> None:
    for shape in ((64, 64, 3), (40, 900, 3), (1, 1, 3)):
        assert engines.load(name).read(np.full(shape, 255, dtype=np.uint8), SIDE) == []


@pytest.mark.parametrize("name", ["rapidocr", "faster-paddle"])
def test_a_receipt_many_times_as_long_as_wide_is_read_to_its_end_and_no_line_twice(name: str) -> None:
    if not engines.installed(name):
        pytest.skip(WHY[name])
    picture = Image.new("RGB", (420, 5400), "white")
    pen = ImageDraw.Draw(picture)
    numbers = [f"{4000 + 37 * row}" for row in range(52)]
    for row, number in enumerate(numbers):
        pen.text((60, 40 + row * 102), f"ITEM {number}", fill="black", font_size=44)
    lines = engines.load(name).read(np.asarray(picture), SIDE)
    text = sorted(line.text.replace(" ", "")[-4:] for line in lines)
    assert text == sorted(numbers)


def test_strips_share_out_every_height_once() -> None:
    for width, height in ((300, 200), (300, 900), (300, 901), (300, 5000), (720, 12_000), (1, 4000)):
        parts = list(strips(width, height))
        assert parts[0].top == 0
        assert max(part.bottom for part in parts) == height
        for middle in np.linspace(0, height - 1, 97):
            owners = [p for p in parts if p.top <= middle < p.bottom and p.owns(float(middle) - p.top)]
            assert len(owners) == 1, (width, height, middle)


def test_the_recogniser_keeps_what_else_a_doubtful_character_may_be() -> None:
    if not engines.installed("rapidocr"):
        pytest.skip(WHY["rapidocr"])
    small = Image.open(io.BytesIO(receipt().image)).convert("RGB")
    small = small.resize((small.width // 4, small.height // 4)).resize(small.size)  # too coarse to be sure
    lines = engines.load("rapidocr").read(np.asarray(small), SIDE)
    assert all(len(line.alternatives) == len(line.text) for line in lines)
    others = [other for line in lines for at in line.alternatives for other in at]
    assert others
    assert all(0 < probability < 1 and len(character) == 1 for character, probability in others)


def test_an_engine_that_is_not_there_is_told_and_a_wish_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineFailed, match="no engine is called 'abbyy'"):
        engines.choose("abbyy")
    monkeypatch.setattr(engines, "installed", lambda name: name == "tesseract")
    assert engines.choose("faster-paddle") == "tesseract"
    assert engines.choose(None) == "tesseract"
    monkeypatch.setattr(engines, "installed", lambda name: False)
    with pytest.raises(EngineFailed, match="is installed"):
        engines.choose(None)


OFFLINE = """
import json, sys
import numpy as np
from PIL import Image
from ocr import engines
lines = engines.load(sys.argv[1]).read(np.asarray(Image.open(sys.argv[2]).convert("RGB")), 1120)
print(json.dumps([line.text for line in lines]))
"""


def test_every_engine_starts_and_reads_without_a_network(name: str, tmp_path: Path) -> None:
    """In a network namespace of its own that has not even a loopback, and with an empty home."""
    cage = ["unshare", "--user", "--map-root-user", "--net"]
    try:
        possible = subprocess.run([*cage, "true"], capture_output=True, timeout=10).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        possible = False
    if not possible:
        pytest.skip("this machine does not let us make a network namespace")
    picture = tmp_path / "receipt.jpg"
    picture.write_bytes(receipt().image)
    home = tmp_path / "home"
    home.mkdir()
    known = {key: os.environ[key] for key in ("PATH", "LANG", "TESSDATA_PREFIX") if key in os.environ}
    places = [str(ROOT), *(place for place in sys.path if place)]
    environment = {**known, "HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONPATH": os.pathsep.join(places)}
    command = [*cage, sys.executable, "-c", OFFLINE, name, str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert str(label(receipt().truth)["total"]) in "".join(json.loads(done.stdout)).replace(",", "")
    assert [file for file in home.rglob("*") if file.is_file() and file.stat().st_size > 100_000] == []


def test_an_engine_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_threads: int) -> engines.Engine:
        raise ImportError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setitem(engines.LOADERS, "broken", broken)
    with pytest.raises(EngineFailed, match="broken did not start: ImportError: libgomp"):
        engines.load("broken")
