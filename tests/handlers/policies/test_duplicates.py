"""The same receipt in two claims: what is found, what only looks like it, and who reads what of it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.demo.receipts import Spec, drawn, render
from handlers import policies
from handlers.actions import token
from handlers.chat import Card, FileRef, Said, Tapped
from handlers.policies.duplicates import pictures
from handlers.policies.duplicates.same import Facts, same, serials
from handlers.services import Services
from ocr import likeness
from ocr.reading import Box, Field, Line, Reading
from storage.models import Claim, Organization, Receipt, StatementRow
from tests.handlers.house import House, reading

ONE = Facts(
    payee="喫茶 さくら",
    registration_number="T7000012050002",
    date=dt.date(2026, 11, 20),
    time=dt.time(12, 34),
    amount=1280,
    serials=frozenset({"482913", "0042"}),
)
NO_TIME = replace(ONE, time=None, serials=frozenset())


@pytest.mark.parametrize(
    "other",
    [
        ONE,
        replace(ONE, payee="喫茶さくう", registration_number=""),
        replace(ONE, payee="株式会社喫茶さくら", time=None),
        replace(ONE, amount=1230),
        replace(ONE, date=dt.date(2026, 11, 26)),
        replace(ONE, serials=frozenset({"482918"})),
        replace(ONE, serials=frozenset({"432973"})),  # two digits taken for others of their shape
        replace(ONE, date=dt.date(2026, 11, 26), serials=frozenset({"432913"})),
        replace(ONE, date=dt.date(2026, 10, 31)),  # the paper is the same, whatever its date was read as
        replace(NO_TIME, payee="喫茶 さくら 駅前店"),
    ],
)
def test_the_same_purchase_is_known_with_one_figure_misread(other: Facts) -> None:
    assert same(ONE, other)
    assert same(other, ONE)


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, time=dt.time(15, 2), serials=frozenset({"482957", "0081"})),  # a second coffee
        replace(ONE, serials=frozenset({"511870", "0091"})),  # somebody else at the same minute
        replace(ONE, payee="文具のあおぞら", registration_number=""),
        replace(ONE, registration_number="T1180301018771", payee="喫茶 さくら 二号店"),
        replace(ONE, amount=1355),
        replace(ONE, serials=frozenset({"483914"})),  # of another shape
        replace(ONE, date=dt.date(2026, 10, 31), serials=frozenset({"432913"})),
        replace(ONE, amount=1230, date=dt.date(2026, 11, 26)),  # two figures are two purchases
        replace(NO_TIME, date=dt.date(2026, 10, 20)),  # the same every month
        replace(NO_TIME, date=dt.date(2026, 11, 21)),  # the same every day
    ],
)
def test_what_only_looks_like_it_is_another_purchase(other: Facts) -> None:
    assert not same(ONE, other)
    assert not same(other, ONE)


def test_two_tickets_of_one_price_are_two_journeys_unless_they_are_one_piece_of_paper() -> None:
    ticket = replace(NO_TIME, ticket=True)
    assert not same(ticket, ticket)
    numbered = replace(ticket, serials=frozenset({"90218"}))
    assert same(numbered, numbered)
    assert same(numbered, replace(ticket, serials=frozenset({"96218"}))), "a misread digit"
    assert not same(numbered, replace(ticket, serials=frozenset({"90219"}))), "or the next in the queue"


def test_what_a_shop_prints_on_every_paper_does_not_tell_papers_apart() -> None:
    every = "〒123-4567 TEL 03-0123-4567 登録番号 T7000012050002 2026年11月20日 12:34 合計 ¥12,800 現金 13,000円"
    assert serials(f"{every} 伝票番号 482913") == {"482913"}


# --- pictures ---------------------------------------------------------------------------------------------------------


def photo(seed: int, layout: str = "cafe", scene: int = 41) -> Image.Image:
    """A receipt photographed on the desk and in the light of ``scene``."""
    spec = replace(drawn(Spec(seed, layout)), scene=drawn(Spec(scene, layout)).scene)
    return Image.open(io.BytesIO(render(spec).image)).convert("RGB")


def jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    out = io.BytesIO()
    picture.thumbnail((1280, 1280))
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture,
        lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
        lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
        lambda picture: picture.crop((40, 30, picture.width - 60, picture.height * 4 // 5)),
        lambda picture: picture.point(lambda level: min(255, level * 11 // 10)),
    ],
    ids=["saved again", "shrunk", "turned", "cut", "brighter"],
)
def test_a_changed_picture_lies_on_its_original(change: Callable[[Image.Image], Image.Image]) -> None:
    assert likeness.likeness(jpeg(photo(7)), jpeg(change(photo(7)), 60)) > pictures.ONE


@pytest.mark.parametrize("layout", ["cafe", "parking", "train", "invoice"])
def test_another_receipt_of_the_kind_on_the_same_desk_is_another_picture(layout: str) -> None:
    assert likeness.likeness(jpeg(photo(7, layout)), jpeg(photo(8, layout))) < pictures.ONE


def test_no_picture_has_no_hash_and_is_like_nothing() -> None:
    assert likeness.prints(b"1280") == ()
    assert likeness.likeness(b"1280", b"1280") == 0.0


# --- in the house -----------------------------------------------------------------------------------------------------


class Eyes:
    """Reads a photo as what the test says of it, by its bytes."""

    def __init__(self) -> None:
        self.said: dict[bytes, Reading] = {}

    def read(self, data: bytes) -> tuple[Reading, ...]:
        return (self.said[data],)

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


class Sender:
    def __init__(self, house: House) -> None:
        self.house, self.eyes = house, Eyes()
        house.services = Services(**(vars(house.services) | {"reader": self.eyes}))

    def __call__(self, user: str, data: bytes, read: Reading) -> None:
        self.eyes.said[data] = read
        name = f"f{len(self.eyes.said)}"
        self.house.paper.files[name] = data
        self.house.does(user, Said(files=(FileRef(name, message=f"m-{name}"),)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


@pytest.fixture
def sends(house: House) -> Sender:
    return Sender(house)


def at(time: dt.time | None, slip: str = "", **more: object) -> Reading:
    lines = (Line(f"伝票番号 {slip}", 1.0, Box(0, 0, 10, 10)),) if slip else ()
    return replace(reading(**more), time=Field(time, 1.0), lines=lines)  # type: ignore[arg-type]


def notes(card: Card) -> str:
    return "\n".join(note.text for note in card.notes)


def opens(house: House, user: str, claim: Claim) -> Card:
    house.does(user, Tapped(token(house.services.keys, "open", claim.id)))
    return house.last(user)


def test_a_turned_copy_of_a_colleagues_photo_is_stopped_without_a_word_of_whose_it_is(
    house: House, sends: Sender
) -> None:
    sends("w", jpeg(photo(7)), reading())
    sends("c", jpeg(photo(7).transpose(Image.Transpose.ROTATE_180), 65), reading())
    card = house.last("c")
    assert "The same receipt is already in another claim." in notes(card)
    assert "w" not in notes(card).split()
    assert "#1" not in notes(card)
    house.taps("c", house.button("c", "Submit"))
    assert house.claims()[1].state == "draft"
    assert "The same receipt is already in another claim." in house.last("c").title


def test_the_first_of_two_copies_goes_its_way(house: House, sends: Sender) -> None:
    sends("w", jpeg(photo(7)), reading())
    first = house.button("w", "Submit")
    sends("c", jpeg(photo(7), 50), reading())
    house.taps("w", first)
    assert house.claims()[0].state == "submitted"


def test_the_person_themselves_is_told_the_number(house: House, sends: Sender) -> None:
    sends("w", jpeg(photo(7)), reading())
    sends("w", jpeg(photo(7), 50), reading())
    assert "The same picture is already in your claim #1." in notes(house.last("w"))


def test_a_claim_that_ended_does_not_stop_its_picture(house: House, sends: Sender) -> None:
    sends("w", jpeg(photo(7)), reading())
    house.taps("w", house.button("w", "Delete"))
    sends("w", jpeg(photo(7), 50), reading())
    assert "same picture" not in notes(house.last("w"))


def test_a_picture_with_other_figures_wants_a_reason(house: House, sends: Sender) -> None:
    sends("w", jpeg(photo(7)), reading(amount=1280))
    sends("c", jpeg(photo(7), 75), reading(amount=2560))
    assert "The same picture is already in another claim, with other figures. A reason is needed." in notes(
        house.last("c")
    )


def test_the_same_purchase_goes_on_with_a_reason_and_only_the_administrator_reads_whose_the_other_is(
    house: House, sends: Sender
) -> None:
    sends("w", b"one photo", at(dt.time(12, 34)))
    sends("c", b"another photo", at(dt.time(12, 34)))
    said = "The same purchase is already in another claim: issuer, date and amount agree."
    assert said in notes(house.last("c"))
    house.taps("c", house.button("c", "Submit"))
    [(_, form)] = house.paper.forms
    assert [question.name.split(":")[0] for question in form.inputs] == ["duplicate-facts"]


def test_accountants_and_administrators_open_both(house: House, sends: Sender) -> None:
    sends("w", b"one photo", at(dt.time(12, 34)))
    sends("c", b"another photo", at(dt.time(12, 34)))
    first, second = house.claims()
    card = opens(house, "a", second)
    assert "Same receipt: #1, w" in notes(card)
    [button] = [button for button in card.buttons if button.label == "Open #1"]
    house.does("a", Tapped(button.token))
    assert house.last("a").title.startswith("#1")
    assert first.number == 1


def test_two_lunches_of_one_price_are_two(house: House, sends: Sender) -> None:
    sends("w", b"one photo", at(dt.time(12, 34), "481203"))
    sends("c", b"another photo", at(dt.time(12, 36), "481588"))
    assert "same purchase" not in notes(house.last("c"))


def test_what_the_organisations_card_paid_is_asked_about(house: House, sends: Sender) -> None:
    sends("w", b"one photo", reading())
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.scalars(select(Claim)).one()
        row = {"member_id": claim.member_id, "kind": "card", "amount": 1280, "imported_at": claim.created_at}
        session.add(StatementRow(key="1", date=dt.date(2026, 11, 21), payee="ｻｸﾗ", **row))
        session.flush()
        home = session.get_one(Organization, house.organization_id)
        found = policies.evaluate(session, home, claim, dt.date(2026, 11, 23))
        assert "duplicate-statement" in {finding.rule for finding in found}
        claim.expenses[0].payment_method = "card"
        found = policies.evaluate(session, home, claim, dt.date(2026, 11, 23))
        assert "duplicate-statement" not in {finding.rule for finding in found}


def test_hashes_are_kept_on_the_receipt(house: House, sends: Sender) -> None:
    sends("w", jpeg(photo(7)), reading())
    with house.services.db.snapshot(house.organization_id) as session:
        hashes = session.scalars(select(Receipt)).one().hashes
    assert [row["place"] for row in hashes] == ["whole"]
