"""Write a set of fictional receipts with labels: ``python -m tests.bench.generate --seed N --count 200 DIR``.

``DIR/images/`` holds the pictures, ``DIR/labels.json`` what they say: file name -> merchant (accepted spellings), date,
total (major units), tax, rates {rate: [amount as printed, tax]}, registration_number, phone, payment, category,
currency, note, alt_total; and, beyond what is scored, kind, time, branch, persons and the rest of the truth.
The layouts take turns, so that each has its share. Use one seed while building and another one for measuring.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from bot.demo.receipts import LAYOUTS, Rendered, Spec, Truth, drawn, render

STRIDE = 1_000_000
"""Room between two sets, so that no two of them share a receipt."""

# Minor units of a currency in one major unit.
MINOR = {"JPY": 1}


def label(truth: Truth, note: str | None = None) -> dict[str, Any]:
    """The label of one receipt. `rates` only where Japanese rates are printed with their tax."""
    minor = MINOR.get(truth.currency, 100)

    def major(amount: int | None) -> int | float | None:
        return amount if amount is None or minor == 1 else amount / minor

    names = [truth.issuer, *truth.also]
    if truth.branch:
        names.append(f"{truth.issuer}{truth.branch}")
    japanese = truth.currency == "JPY"
    return {
        "merchant": names,
        "date": truth.date.isoformat(),
        "total": major(truth.total),
        "tax": major(truth.tax) if truth.taxes else None,
        "rates": {str(line.rate): [line.amount, line.tax] for line in truth.taxes} if japanese else {},
        "registration_number": truth.registration_number,
        "phone": truth.phone,
        "payment": truth.payment,
        "category": truth.category,
        "currency": truth.currency,
        "note": note,
        "alt_total": [],
        "kind": truth.kind,
        "time": truth.time.strftime("%H:%M") if truth.time else None,
        "branch": truth.branch,
        "card_last4": truth.card_last4,
        "paid": major(truth.paid),
        "change": major(truth.change),
        "persons": truth.persons,
        "service_charge": major(truth.service_charge),
        "tip": major(truth.tip),
        "addressee": truth.addressee,
        "purpose": truth.purpose,
        "items": [
            {
                "name": item.name,
                "quantity": item.quantity,
                "amount": major(item.amount),
                "reduced": item.reduced and japanese,
            }
            for item in truth.items
        ],
    }


def receipts(seed: int, count: int, turn: Literal[0, 90, 180, 270] = 0) -> Iterator[tuple[str, Rendered]]:
    """File name and receipt, `count` of them; `turn` lays every picture on its side or head."""
    layouts = tuple(LAYOUTS)
    for index in range(count):
        spec = drawn(Spec(seed * STRIDE + index, layouts[index % len(layouts)]))
        if spec.scene is not None and turn:
            spec = replace(spec, scene=replace(spec.scene, turn=turn))
        made = render(spec)
        suffix = "png" if made.media_type == "image/png" else "jpg"
        yield f"{index:04d}_{made.truth.layout}.{suffix}", made


def write(folder: Path, seed: int, count: int, turn: Literal[0, 90, 180, 270] = 0) -> dict[str, dict[str, Any]]:
    """Write the set and return its labels."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    labels = {}
    for name, made in receipts(seed, count, turn):
        (images / name).write_bytes(made.image)
        labels[name] = label(made.truth, f"turned by {turn}" if turn else None)
    (folder / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=1), encoding="utf-8")
    return labels


def main() -> None:
    parser = argparse.ArgumentParser(description="Write fictional receipts with labels.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--turn", type=int, choices=(0, 90, 180, 270), default=0, help="degrees, without an EXIF hint")
    wanted = parser.parse_args()
    began = time.perf_counter()
    write(wanted.folder, wanted.seed, wanted.count, wanted.turn)
    print(f"{wanted.count} receipts in {time.perf_counter() - began:.1f} s: {wanted.folder / 'labels.json'}")


if __name__ == "__main__":
    main()
