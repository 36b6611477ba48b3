"""The drawn receipts: what they say adds up, belongs to nobody, and can be seen on the picture."""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import cache
from random import Random

import numpy as np
import pytest
from PIL import Image
from stdnum.jp import cn

from bot.demo.receipts import LAYOUTS, Kind, Payment, Scene, Spec, render, sample_tray
from bot.demo.receipts.fonts import Face, font
from bot.demo.receipts.layouts import handwritten
from bot.demo.receipts.pen import strokes
from bot.demo.receipts.shops import ADDRESSEES, FAMILY_NAMES, SIGNS, STATIONS, TOWNS
from bot.demo.receipts.style import DATES
from bot.demo.receipts.truth import Truth
from bot.demo.receipts.wares import WARES

WHEN = datetime(2026, 11, 20, 12, 34, 56)


@cache
def truths(layout: str, count: int = 30) -> list[Truth]:
    """What many receipts of a layout say, without photographing them."""
    return [LAYOUTS[layout](Random(seed), WHEN).truth for seed in range(count)]


def sharpness(picture: bytes) -> float:
    """Variance of the second derivative: small when blurred."""
    grey = np.asarray(Image.open(io.BytesIO(picture)).convert("L").resize((600, 800)), dtype=np.float64)
    return float(np.var(4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]))


def test_there_are_many_layouts_of_every_kind() -> None:
    assert len(LAYOUTS) >= 12
    assert {truths(layout)[0].kind for layout in LAYOUTS} == set(Kind)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_a_picture_that_opens(layout: str) -> None:
    made = render(Spec(12, layout))
    image = Image.open(io.BytesIO(made.image))
    image.load()
    assert made.media_type == f"image/{(image.format or '').lower()}"
    assert 800 <= min(image.size) <= max(image.size) <= 2600
    assert made.truth.layout == layout


def test_a_seed_always_gives_the_same_receipt_and_another_seed_another_one() -> None:
    first = render(3)
    assert render(3) == first
    assert render(first.spec).image == first.image
    assert render(4).truth != first.truth


def test_a_wished_day_changes_the_day_and_nothing_else() -> None:
    drawn = render(5)
    wished = render(Spec(5, on=date(2026, 4, 1)))
    assert wished.truth.date == date(2026, 4, 1)
    assert (wished.truth.issuer, wished.truth.total) == (drawn.truth.issuer, drawn.truth.total)
    assert wished.spec.scene == drawn.spec.scene


def test_a_turned_scene_turns_the_whole_picture() -> None:
    scene = Scene(surface="white", long_side=900)
    upright, lying = (
        Image.open(io.BytesIO(render(Spec(6, "taxi", scene=scene_)).image))
        for scene_ in (scene, Scene(surface="white", long_side=900, turn=90))
    )
    assert lying.size == upright.size[::-1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_sums_add_up(layout: str) -> None:
    for truth in truths(layout):
        assert truth.total > 0
        if truth.paid is not None:
            assert truth.change is not None
            assert truth.paid - truth.change == truth.total
        if truth.items:
            exclusive = sum(line.tax for line in truth.taxes if not line.inclusive)
            assert sum(item.amount for item in truth.items) + exclusive + (truth.tip or 0) == truth.total
        for line in truth.taxes:
            if truth.items:
                assert line.amount == sum(item.amount for item in truth.items if item.rate == line.rate)
            exact = line.amount * line.rate / (100 + line.rate if line.inclusive else 100)
            assert abs(line.tax - exact) < 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_numbers_are_well_formed_and_belong_to_nobody(layout: str) -> None:
    for truth in truths(layout):
        if truth.registration_number:
            assert truth.registration_number.startswith("T")
            assert cn.is_valid(truth.registration_number[1:])
            assert truth.registration_number[2:6] == "9999"
        if truth.phone and truth.currency == "JPY":
            area, exchange, line = truth.phone.split("-")
            assert len(area + exchange + line) == 10
            assert exchange.startswith("0"), "a local exchange that is never assigned"


def test_reduced_rate_every_payment_persons_and_era_dates_all_occur() -> None:
    groceries = truths("supermarket")
    assert any({line.rate for line in truth.taxes} == {8, 10} for truth in groceries)
    assert {truth.taxes[0].inclusive for truth in groceries if truth.taxes} == {True, False}
    assert {truth.payment for truth in groceries} == set(Payment)
    assert len({truth.persons for truth in truths("restaurant")} - {None}) > 3
    assert {truth.currency for truth in truths("english_cafe")} >= {"USD", "GBP", "EUR"}
    day = date(2026, 11, 3)
    assert DATES["era"](day) == "令和8年11月3日"
    assert DATES["era_letter"](day) == "R8.11.03"
    assert DATES["full_width"](day) == "２０２６年１１月　３日"
    assert DATES["two_digits"](day) == "26/11/03"


def test_a_handwritten_receipt_names_whom_and_what_for() -> None:
    for truth in truths("handwritten"):
        assert truth.kind is Kind.RYOSHUSHO
        assert truth.addressee
        assert truth.addressee.endswith(" 様")
        assert truth.purpose


def test_the_pen_can_write_everything_it_is_asked_to() -> None:
    purposes = [text for texts in handwritten.PURPOSES.values() for text in texts]
    for char in set("".join([*ADDRESSEES, *purposes, "¥0123456789,-"])):
        assert all(len(stroke) > 1 for stroke in strokes(char)), char
    with pytest.raises(KeyError):
        strokes("\U0001f600")


@pytest.mark.parametrize("face", ["sans", "serif"])
def test_the_fonts_hold_every_character_of_shops_and_wares(face: Face) -> None:
    texts = [*STATIONS, *TOWNS, *FAMILY_NAMES, *ADDRESSEES, "※軽＊領収証登録番号℡￥〒～→"]
    texts += ["".join(sign) for signs in SIGNS.values() for sign in signs]
    texts += [name for wares in WARES.values() for name, _, _ in wares]
    drawn = font(face, 40)
    missing = bytes(drawn.getmask("\U000f0000"))
    assert [
        char for char in sorted(set("".join(texts))) if not char.isspace() and bytes(drawn.getmask(char)) == missing
    ] == []


def test_the_tray_offers_a_week_of_receipts_and_one_bad_photo() -> None:
    today = date(2026, 11, 23)
    tray = sample_tray(today)
    assert len(tray) == 8
    assert len({sample.key for sample in tray}) == len({sample.name_ja for sample in tray}) == 8
    for sample in tray:
        assert 1 <= (today - sample.truth.date).days <= 7
        assert 1200 <= max(Image.open(io.BytesIO(sample.image)).size) <= 1900
        assert len(sample.image) < 1_000_000
        assert sample.name_en.isprintable()
        assert sample.name_en != sample.name_ja
        assert not sample.name_ja.isascii()
    by_key = {sample.key: sample for sample in tray}
    assert {line.rate for line in by_key["supermarket"].truth.taxes} == {8, 10}
    assert by_key["ryoshusho"].truth.addressee
    assert by_key["restaurant"].truth.persons
    assert min(tray, key=lambda sample: sharpness(sample.image)).key == "parking"
