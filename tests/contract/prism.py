"""LINE's OpenAPI between bot and fake: `prism proxy` checks the requests of the one and the answers of the other.

A request that does not conform gets 422 and never reaches the fake; an answer of the fake that does not conform becomes
500. Prism cannot carry binary bodies, so files are fetched from the fake's data host directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.contract.line_spec import spec_file, strict
from tests.contract.node import Tool, free_port

PROGRAM = "node_modules/@stoplight/prism-cli/dist/index.js"


@dataclass
class Prism:
    url: str
    tool: Tool

    @classmethod
    def start(cls, upstream: str, folder: Path) -> Prism:
        """In front of `upstream`; the strict file is written into `folder`. Takes ten to twenty seconds."""
        source = spec_file("messaging-api.yml")
        assert source is not None
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = strict(yaml.load(source.read_text(encoding="utf-8"), loader))
        file = folder / "messaging-api.strict.yml"
        file.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        port = free_port()
        tool = Tool(PROGRAM, "proxy", "-p", str(port), "-h", "127.0.0.1", "--errors", str(file), upstream)
        tool.expect("Prism is listening", 120)
        return cls(f"http://127.0.0.1:{port}", tool)
