"""A pack as a file again, with what the organisation confirmed in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from handlers.travel import load
from handlers.travel.pack import cells, read_toml


def written(session: Session, name: str) -> str:
    """The file from which an import makes the pack that is in force here: same figures, confidence and sources.

    As it was imported where nobody confirmed anything. Else with the confirmed figures in their places, those of the
    packs that it extends, too: another organisation has not confirmed them. The file's own remarks are lost then.
    """
    text = load.text_of(session, name)
    pack = load.get(session, name)
    tables = read_toml(text)
    before = copy.deepcopy(tables)
    for path, cell in cells(pack):
        if cell.source.startswith(load.CONFIRMED):
            _put(tables, path.split("."), cell.model_dump(mode="json", exclude_none=True))
            tables.setdefault("sources", {})[cell.source] = pack.sources[cell.source]
    return text if tables == before else "\n".join(_lines(tables)).lstrip("\n") + "\n"


def _put(tables: dict[str, Any], path: list[str], value: Mapping[str, Any]) -> None:
    *way, last = path
    inner = tables
    for step in way:
        inner = inner.setdefault(step, {})
    inner[last] = dict(value)


def _lines(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """TOML of a table: first its values, then the tables in it. A figure is a value, on one line."""
    tables = {name: value for name, value in table.items() if isinstance(value, dict) and not _is_figure(value)}
    if path and (len(tables) < len(table) or not table):
        yield f"\n[{path}]"
    for name, value in table.items():
        if name not in tables:
            yield f"{_text(name)} = {_value(value)}"
    for name, value in tables.items():
        yield from _lines(value, f"{path}.{_text(name)}".lstrip("."))


def _is_figure(value: Mapping[str, Any]) -> bool:
    return "confidence" in value and "paragraph" not in value


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(name)} = {_value(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        # JSON's escapes are TOML's, too, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value.isoformat()


def _text(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _value(name)
