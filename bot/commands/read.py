"""``keihi read``: what the reader makes of files on disk, for people, for scripts and for measuring."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import typer

import ocr
from ocr import images, reader
from ocr.explain import draw

# score files name the fields by these words
PUBLIC_NAMES = {"issuer": "merchant", "taxes": "tax"}


def read_files(
    files: list[Path],
    *,
    as_json: bool,
    engine: str | None = None,
    everything: bool = False,
    explain: Path | None = None,
) -> int:
    """Print what each file says and return the exit status.

    Status 1 when a file could not be read (the others are read all the same), 2 when there is no engine. With
    ``everything`` all receipts of a file are printed, not only the main one; ``explain`` is where a PNG with the boxes
    of the last file's fields goes.
    """
    try:
        reader.configure(engine=engine, threads=os.cpu_count() or 1)
        reader.warm()
    except ocr.EngineFailed as error:
        typer.echo(f"keihi read: {error}", err=True)
        return 2
    failed = 0
    for file in files:
        try:
            data = images.load(file)
            readings = ocr.read_all(data) if everything else (ocr.read(data),)
        except (ocr.OcrError, OSError) as error:
            failed += 1
            _tell_error(file, error, as_json)
            continue
        for reading in readings:
            text = json.dumps(public(file.name, reading), ensure_ascii=False) if as_json else summary(file, reading)
            typer.echo(text)
        if explain is not None:
            explain.write_bytes(draw(data, readings[0]))
    return 1 if failed else 0


def public(name: str, reading: ocr.Reading) -> dict[str, Any]:
    """The reading as plain JSON data: money in major units, dates as ISO text, doubts by public names."""
    currency = reading.currency.value or ""

    def money(value: int | None) -> int | float | None:
        if value is None:
            return None
        amount = ocr.major(value, currency)
        return int(amount) if amount == int(amount) else float(amount)

    def rate(value: Any) -> int | float:
        return int(value) if value == int(value) else float(value)

    payment, category = reading.payment.value, reading.category.value
    return {
        "file": name,
        "kind": reading.kind.value,
        "merchant": reading.issuer.value,
        "branch": reading.branch.value,
        "date": reading.date.value.isoformat() if reading.date.value else None,
        "time": reading.time.value.isoformat() if reading.time.value else None,
        "total": money(reading.total.value),
        "currency": currency,
        "taxes": [
            {"rate": rate(t.rate), "tax": money(t.tax), "net": money(t.net), "gross": money(t.gross)}
            for t in reading.taxes.value or ()
        ],
        "registration_number": reading.registration_number.value,
        "phone": reading.phone.value,
        "payment": payment.method if payment else None,
        "payment_brand": payment.brand if payment else None,
        "last_four": payment.last_four if payment else None,
        "paid": money(reading.paid.value),
        "change": money(reading.change.value),
        "tip": money(reading.tip.value),
        "service_charge": money(reading.service_charge.value),
        "persons": reading.persons.value,
        "addressee": reading.addressee.value,
        "description": reading.description.value,
        "items": [
            {"name": i.name, "amount": money(i.amount), "quantity": i.quantity, "reduced": i.reduced}
            for i in reading.items.value or ()
        ],
        "category": category.code if category else None,
        "doubts": [PUBLIC_NAMES.get(name, name) for name in reading.doubts],
        "confidence": {
            PUBLIC_NAMES.get(name, name): getattr(reading, name).confidence
            for name in ("issuer", "date", "total", "taxes", "registration_number", "category")
        },
        "quality": [verdict.code for verdict in reading.quality],
        "flags": list(reading.flags),
        "notices": list(reading.notices),
        "engine": reading.engine,
        "seconds": reading.seconds,
    }


def summary(file: Path, reading: ocr.Reading) -> str:
    """A few lines for a person; ? marks what is in doubt."""
    data = public(file.name, reading)
    doubted = set(data["doubts"])

    def line(label: str, key: str, text: object) -> str:
        return f"  {label:<24}{'—' if text in (None, '') else text}{' ?' if key in doubted else ''}"

    taxes = "、".join(f"{t['rate']}%: {'—' if t['tax'] is None else format(t['tax'], ',')}" for t in data["taxes"])
    when = " ".join(part for part in (data["date"], (data["time"] or "")[:5]) if part)
    total = None if data["total"] is None else f"{data['total']:,} {data['currency']}"
    category = reading.category.value
    return "\n".join(
        (
            str(file),
            line("支払先 / payee", "merchant", " ".join(p for p in (data["merchant"], data["branch"]) if p)),
            line("日付 / date", "date", when),
            line("合計 / total", "total", total),
            line("消費税 / tax", "tax", taxes),
            line("登録番号 / invoice no.", "registration_number", data["registration_number"]),
            line("支払方法 / payment", "payment", " ".join(p for p in (data["payment"], data["payment_brand"]) if p)),
            line("費目 / category", "category", reading.category.evidence[0] if category else None),
            f"  {data['engine']}, {data['seconds']:.2f} s",
        )
    )


def _tell_error(file: Path, error: Exception, as_json: bool) -> None:
    code = error.code if isinstance(error, ocr.OcrError) else "unreadable"
    if as_json:
        typer.echo(json.dumps({"file": file.name, "error": code}))
    else:
        reason = error.strerror if isinstance(error, OSError) else code
        typer.echo(f"{file}: {reason}", err=True)
