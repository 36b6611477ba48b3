"""The same photograph sent again, changed as people and programs change it: drawn, read and compared for real.

Other receipts of the same layouts, photographed the same way, stand beside them: none of these may be found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image, ImageEnhance

import ocr
from bot.demo.receipts import LAYOUTS, Spec, drawn, render
from bot.reader import PooledReader
from bot.settings import Settings
from handlers import claims, policies
from handlers.keys import Keys
from handlers.policies.duplicates import pictures
from handlers.services import Limits, Services
from storage.blobs import Blobs
from storage.db import EVERY_ORGANIZATION, Database
from storage.jobs import Jobs
from storage.models import LikePicture, Member, Organization, Receipt
from tests import databases
from tests.bench import report

RULE = "duplicate-picture"
Change = Callable[[Image.Image, Random], Image.Image]


def _cut(picture: Image.Image, rng: Random) -> Image.Image:
    width, height = picture.size
    left, top, right, bottom = (rng.uniform(0, 0.06) for _ in range(4))
    return picture.crop((int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height)))


def _bright(picture: Image.Image, rng: Random) -> Image.Image:
    lighter = ImageEnhance.Brightness(picture).enhance(rng.uniform(0.75, 1.25))
    return ImageEnhance.Contrast(lighter).enhance(rng.uniform(0.85, 1.2))


def _screen(picture: Image.Image, rng: Random) -> Image.Image:
    """As a telephone's gallery shows it: bars above and below, smaller."""
    frame = Image.new("RGB", (picture.width, round(picture.height * rng.uniform(1.15, 1.4))), "black")
    frame.paste(picture, (0, (frame.height - picture.height) // 2))
    return frame.resize((frame.width * 3 // 5, frame.height * 3 // 5), Image.Resampling.LANCZOS)


CHANGES: dict[str, Change] = {
    "saved again": lambda picture, _: picture,
    "shrunk to half": lambda picture, _: picture.resize((picture.width // 2, picture.height // 2)),
    "turned by 90°": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_90),
    "turned by 180°": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_180),
    "turned by 270°": lambda picture, _: picture.transpose(Image.Transpose.ROTATE_270),
    "edges cut off": _cut,
    "last fifth cut off": lambda picture, _: picture.crop((0, 0, picture.width, picture.height * 4 // 5)),
    "first tenth cut off": lambda picture, _: picture.crop((0, picture.height // 10, picture.width, picture.height)),
    "brighter or darker": _bright,
    "screenshot": _screen,
}


@dataclass
class Desk:
    """One organisation to which pictures are sent; each is read, compared and drafted as the bot does it."""

    services: Services
    organization_id: str
    member_id: str
    pool: ocr.Pool
    sent: int = 0
    compared: int = 0
    day: dt.datetime = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)

    def send(self, data: bytes) -> tuple[str, set[str]] | None:
        """The receipt and the rules that spoke; None when it cannot be read."""
        try:
            readings = self.pool.read(data, 60)
        except ocr.OcrError:
            return None
        turned = readings[0].pages[0].turned if readings[0].pages else 0
        db, self.sent = self.services.db, self.sent + 1
        with db.transaction(self.organization_id) as session:
            receipt = Receipt(
                member_id=self.member_id,
                source=f"p{self.sent}",
                file={},
                address={},
                state="fetched",
                sha256=hashlib.sha256(data).hexdigest(),
                preview_sha256=self.services.blobs.put(ocr.preview(data, 1280, turned=turned)),
                readings=[],
                arrived_at=self.day + dt.timedelta(minutes=self.sent),
            )
            session.add(receipt)
        looked = pictures.look(self.services, self.organization_id, receipt.id, readings, None)
        self.compared += len(looked.compared)
        with db.transaction(self.organization_id) as session:
            home, member = session.get_one(Organization, self.organization_id), session.get_one(Member, self.member_id)
            kept = session.get_one(Receipt, receipt.id)
            kept.state = "read"
            kept.readings = [json.loads(reading.to_json()) for reading in readings]
            pictures.keep(session, kept, looked, self.day)
            rules: set[str] = set()
            for part, reading in enumerate(readings):
                claim = claims.draft(session, home, member, kept, part, reading, kept.arrived_at)
                rules |= {f.rule for f in policies.evaluate(session, home, claim, self.day.date())}
                claim.state = "approved"
        return receipt.id, rules

    def pairs(self, receipt_id: str) -> dict[str, int]:
        with self.services.db.snapshot(self.organization_id) as session:
            found = session.query(LikePicture).filter_by(receipt_id=receipt_id)
            return {pair.other_id: pair.share for pair in found}


def measured(folder: Path, seed: int, count: int, *, misses: bool = False) -> str:
    """``count`` receipts, as many others of their layouts, and each of the first sent again in three shapes."""
    rng, layouts = Random(f"pictures {seed}"), list(LAYOUTS)
    folder = folder / "pictures"
    folder.mkdir()
    database = databases.sqlite()
    planted, found, alarms, unread = Counter[str](), Counter[str](), 0, 0
    with ocr.Pool(2, threads=1) as pool:
        pool.ready()
        desk = _desk(folder, database, pool)
        clean = 0
        originals: list[tuple[Image.Image, str]] = []
        for n in range(2 * count):
            layout = layouts[n // 2 % len(layouts)]
            scene = drawn(Spec(seed * 1000 + n // 2, layout)).scene  # both of a pair on one desk, in one light
            made = render(replace(drawn(Spec(seed * 1000 + n, layout)), scene=scene))
            sent = desk.send(made.image)
            if sent is None:
                unread += 1
                continue
            clean += 1
            alarms += RULE in sent[1]
            if misses and RULE in sent[1]:
                print("alarm", layout, desk.pairs(sent[0]))
            if n % 2 == 0:
                originals.append((Image.open(io.BytesIO(made.image)).convert("RGB"), layout))
        names = list(CHANGES)
        for place, (picture, layout) in enumerate(originals):
            for name in (names[(3 * place + k) % len(names)] for k in range(3)):
                out = io.BytesIO()
                CHANGES[name](picture, rng).save(out, "JPEG", quality=rng.choice((55, 70, 82)))
                sent = desk.send(out.getvalue())
                if sent is None:
                    unread += 1
                    continue
                planted[name] += 1
                found[name] += RULE in sent[1]
                if misses and RULE not in sent[1]:
                    print("missed", layout, name, sorted(sent[1]), desk.pairs(sent[0]))
    database.close()
    everything, total = sum(planted.values()), sum(found.values())
    rows = [["**duplicate-picture**", f"{total} of {everything} ({100 * total / max(1, everything):.1f} %)"]]
    rows += [[name, f"{found[name]} of {planted[name]}"] for name in names if planted[name]]
    return (
        report.table(["the same photograph", "planted and found"], rows)
        + f"\n\nOf {clean} other receipts, photographed in pairs of one layout on one desk, {alarms} were taken for "
        f"one another. {unread} of the pictures could not be read, so that no draft came of them. For one receipt "
        f"{desk.compared / max(1, desk.sent):.1f} pictures were compared on average."
    )


def _desk(folder: Path, database: Database, pool: ocr.Pool) -> Desk:
    blobs = Blobs((folder / "blobs").as_uri())
    reader = PooledReader(Settings(), Limits(), processes=2)  # reads nothing here: the pool is asked itself
    services = Services(db=database, blobs=blobs, jobs=Jobs(database), reader=reader, keys=Keys(b"bench"))
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    with database.transaction(EVERY_ORGANIZATION) as session:
        home = Organization(name="青葉町", settings={}, created_at=now)
        session.add(home)
        session.flush()
        member = Member(organization_id=home.id, name="栞 ともえ", email="m@example.jp", roles=[], created_at=now)
        session.add(member)
        session.flush()
        return Desk(services, home.id, member.id, pool)


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        print(measured(Path(made), int(sys.argv[1]), int(sys.argv[2]), misses=True))
