"""Slack's own block types (npm `@slack/types`) as JSON Schema: which keys and values a block may have at all.

Made once by `ts-json-schema-generator` and kept beside the packages, under the versions of both.
"""

from __future__ import annotations

import json
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.contract.node import PACKAGES, missing, node

NEEDED = ("@slack/types", "ts-json-schema-generator", "typescript")
TYPES = """import type { HomeView, KnownBlock, ModalView } from "@slack/types";
export type Blocks = KnownBlock[];
export type Modal = ModalView;
export type Home = HomeView;
"""
OPTIONS = {
    "compilerOptions": {"module": "nodenext", "moduleResolution": "nodenext", "strict": True, "skipLibCheck": True}
}


class BlockTypes:
    """Validators for the blocks of a message and for views; each gives sentences, empty when all is well."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        import jsonschema

        self._checks = {name: jsonschema.Draft7Validator(schema) for name, schema in schemas.items()}

    def message_problems(self, blocks: Any) -> list[str]:
        return self._problems("Blocks", blocks)

    def view_problems(self, view: dict[str, Any]) -> list[str]:
        return self._problems("Home" if view.get("type") == "home" else "Modal", view)

    def _problems(self, name: str, value: Any) -> list[str]:
        return [_meant(e) for e in self._checks[name].iter_errors(value)]


def _meant(error: Any) -> str:
    """Of a failed choice, the fault of the alternative that was meant: the one whose `type` is right."""
    while error.context:
        alternatives: dict[Any, list[Any]] = {}
        for fault in error.context:
            alternatives.setdefault(fault.schema_path[0], []).append(fault)
        typed = [a for a in alternatives.values() if not any(list(f.path) == ["type"] for f in a)]
        if not typed:
            given = error.instance.get("type") if isinstance(error.instance, dict) else error.instance
            return f"{_place(error)}: unknown or misplaced type {given!r}"
        error = min(typed, key=len)[0]
    return f"{_place(error)}: {error.message[:300]}"


def _place(error: Any) -> str:
    return "/" + "/".join(str(p) for p in error.absolute_path)


def why_missing() -> str:
    return missing(*NEEDED)


@lru_cache
def block_types() -> BlockTypes | None:
    """None when the packages are not there."""
    if why_missing():
        return None
    return BlockTypes({name: _schema(name) for name in ("Blocks", "Modal", "Home")})


def _schema(name: str) -> dict[str, Any]:
    versions = [json.loads((PACKAGES / "node_modules" / p / "package.json").read_text())["version"] for p in NEEDED]
    folder = PACKAGES / "schemas" / "-".join(versions)
    file = folder / f"{name}.json"
    if not file.exists():
        _generate(folder, file, name)
    return dict(json.loads(file.read_text()))


def _generate(folder: Path, file: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "types.ts").write_text(TYPES)
    (folder / "tsconfig.json").write_text(json.dumps(OPTIONS))
    generator = PACKAGES / "node_modules" / "ts-json-schema-generator" / "bin" / "ts-json-schema-generator.js"
    made = subprocess.run(
        [str(node()), str(generator), "--path", "types.ts", "--tsconfig", "tsconfig.json", "--type", name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"no schema for {name}: {made.stderr[-500:]}")
    part = file.with_suffix(".part")
    part.write_text(made.stdout)
    part.rename(file)
