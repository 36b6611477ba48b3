"""LINE's own OpenAPI files, made strict enough to catch a wrong message.

The published files say which message a `{"type": "flex"}` is only by OpenAPI's `discriminator`, which JSON Schema
validators ignore. Here every discriminated schema becomes a choice of its concrete children, each child one closed
object: the inherited and the own properties together, its `type` fixed, nothing unknown allowed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "#/components/schemas/"
Style = Literal["oneOf", "if"]


def shared() -> Path:
    """The folder with material that is not part of the project; may not exist."""
    return Path(os.environ.get("KEIHI_SHARED") or ROOT.parent / "shared")


def spec_file(name: str) -> Path | None:
    """`messaging-api.yml` or `webhook.yml`, when the shared folder is there."""
    file = shared() / "platforms" / "line-openapi" / name
    return file if file.is_file() else None


def strict(document: Mapping[str, Any], style: Style = "oneOf") -> dict[str, Any]:
    """A copy of an OpenAPI 3.0 document with closed, concrete schemas.

    `style` is how the choice is written: `oneOf` for tools that know nothing else, `if` (if/then by the discriminator's
    value) for JSON Schema validators, which then name the real fault instead of "not valid under any".
    """
    result = deepcopy(dict(document))
    schemas: dict[str, Any] = result["components"]["schemas"]
    parents = {n: s["discriminator"] for n, s in schemas.items() if s.get("discriminator", {}).get("mapping")}
    fixed: dict[str, list[tuple[str, str]]] = {}  # child -> (property, value) it is chosen by
    for discriminator in parents.values():
        for value, target in discriminator["mapping"].items():
            fixed.setdefault(_name(target), []).append((discriminator["propertyName"], value))
    flat = {
        name: _flat(schemas, name, fixed.get(name, [])) for name in fixed if name in schemas and name not in parents
    }
    schemas.update(flat)
    for name, discriminator in parents.items():
        schemas[name] = _choice(
            discriminator, {v: t for v, t in discriminator["mapping"].items() if _name(t) in schemas}, style
        )
    return result


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _flat(schemas: Mapping[str, Any], name: str, fixed: list[tuple[str, str]]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: set[str] = set()

    def gather(schema: Mapping[str, Any]) -> None:
        for part in schema.get("allOf", []):
            gather(schemas[_name(part["$ref"])] if "$ref" in part else part)
        properties.update(deepcopy(dict(schema.get("properties", {}))))
        required.update(schema.get("required", []))

    gather(schemas[name])
    for key, value in fixed:
        same = [v for k, v in fixed if k == key]
        properties[key] = {"type": "string", "enum": same}
        required.add(key)
        assert value in same
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }


def _choice(discriminator: Mapping[str, Any], mapping: Mapping[str, str], style: Style) -> dict[str, Any]:
    key = discriminator["propertyName"]
    if style == "oneOf":
        return {"oneOf": [{"$ref": PREFIX + n} for n in dict.fromkeys(_name(t) for t in mapping.values())]}
    chosen = [
        {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": {"$ref": PREFIX + _name(target)}}
        for value, target in mapping.items()
    ]
    return {"type": "object", "required": [key], "properties": {key: {"enum": list(mapping)}}, "allOf": chosen}


class Spec:
    """One of LINE's files as a validator. `problems` gives a sentence for each fault, empty when all is well."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components = strict(document, "if")["components"]
        self._validators: dict[str, Any] = {}

    def problems(self, schema: str, value: Any) -> list[str]:
        import jsonschema

        validator = self._validators.get(schema)
        if validator is None:
            whole = {"$ref": PREFIX + schema, "components": self._components}
            validator = self._validators[schema] = jsonschema.Draft202012Validator(whole)
        return [
            f"/{'/'.join(str(p) for p in e.absolute_path)}: {e.message[:300]}" for e in validator.iter_errors(value)
        ]


@lru_cache
def spec(name: str) -> Spec | None:
    """The strict validator of a file, or None when the shared folder is missing."""
    file = spec_file(name)
    if file is None:
        return None
    import yaml

    return Spec(yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
