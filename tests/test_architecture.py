"""The shape of the house, checked: which way imports point, who knows which library, how long a file gets, and what
stands at the top.

    bot -> handlers -> {ocr, storage}

A package may import itself and what stands below it; ``ocr`` and ``storage`` import nothing of ours. Each rule is a
function from a source tree to sentences, so that every rule is itself tested on a tree that breaks it.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "bot": {"bot", "handlers", "ocr", "storage"},
    "handlers": {"handlers", "ocr", "storage"},
    "ocr": {"ocr"},
    "storage": {"storage"},
}
# A library that only one place knows, so that replacing it means replacing that place.
ONLY_IN = {
    "slack_sdk": "bot/slack/",
    "slack_bolt": "bot/slack/",
    "linebot": "bot/line/",
    "dbos": "storage/jobs.py",
}
PLATFORMS = ("slack", "line", "web")

LINES = 400
SOURCE = {".py", ".html", ".css", ".js"}
# Files that are one thing and better long; a path here needs its reason beside it.
MAY_BE_LONG = {
    "storage/migrations/versions/0001_first_schema.py": "one migration, written once and never edited after release",
}

TOP_LEVEL = {
    *("bot", "handlers", "ocr", "storage", "tests", "docs"),
    *("Dockerfile", "README.md", "pyproject.toml"),
    *("Makefile", "compose.yaml", "requirements.lock", "requirements-dev.lock"),
}


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of the four packages: its path from the root and its syntax tree."""
    for package in MAY_IMPORT:
        for file in sorted((root / package).rglob("*.py")):
            yield file.relative_to(root).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def imports(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything a module imports, at the top or later, by statement or by name."""
    here = path.removesuffix(".py").split("/")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = here[: -node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "importlib.import_module",
            "import_module",
            "__import__",
        ):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value)


def wrong_arrows(root: Path) -> list[str]:
    return [
        f"{path}:{line} imports {name}: {path.split('/')[0]} stands below {name.split('.')[0]}"
        for path, tree in modules(root)
        for line, name in imports(path, tree)
        if (top := name.split(".")[0]) in MAY_IMPORT and top not in MAY_IMPORT[path.split("/")[0]]
    ]


def libraries_out_of_place(root: Path) -> list[str]:
    return [
        f"{path}:{line} imports {name}: only {home} knows it"
        for path, tree in modules(root)
        for line, name in imports(path, tree)
        if (home := ONLY_IN.get(name.split(".")[0])) and not path.startswith(home)
    ]


def platforms_that_know_each_other(root: Path) -> list[str]:
    return [
        f"{path}:{line} imports {name}: one platform does not know another"
        for path, tree in modules(root)
        for line, name in imports(path, tree)
        for own in PLATFORMS
        for other in PLATFORMS
        if own != other and path.startswith(f"bot/{own}/") and f"{name}.".startswith(f"bot.{other}.")
    ]


def branches_on_a_platform(root: Path) -> list[str]:
    """Handlers ask what a platform can do (its capability flags), never which one it is."""
    return [
        f"{path}:{node.lineno} compares with {constant.value!r}: let a capability flag decide"
        for path, tree in modules(root)
        if path.startswith("handlers/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.MatchValue)
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and constant.value in PLATFORMS
    ]


def long_files(root: Path, may_be_long: dict[str, str]) -> list[str]:
    found = []
    for package in MAY_IMPORT:
        for file in sorted((root / package).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix in SOURCE and path not in may_be_long:
                lines = len(file.read_text(encoding="utf-8").splitlines())
                found += [f"{path} has {lines} lines, over {LINES}"] if lines > LINES else []
    return found


def strangers_at_the_top(files: list[str]) -> list[str]:
    return sorted({top for file in files if not (top := file.split("/")[0]).startswith(".")} - TOP_LEVEL)


def sentences(lines: list[str]) -> str:
    return "\n".join(["", *lines])


def test_imports_point_downwards() -> None:
    assert not (found := wrong_arrows(ROOT)), sentences(found)


def test_platform_and_job_engine_stay_in_their_place() -> None:
    assert not (found := libraries_out_of_place(ROOT)), sentences(found)


def test_platforms_do_not_know_each_other() -> None:
    assert not (found := platforms_that_know_each_other(ROOT)), sentences(found)


def test_handlers_do_not_branch_on_a_platform() -> None:
    assert not (found := branches_on_a_platform(ROOT)), sentences(found)


def test_files_stay_short() -> None:
    assert not (found := long_files(ROOT, MAY_BE_LONG)), sentences(found)


def test_files_that_may_be_long_are_long() -> None:
    still_long = {sentence.split(" has ")[0] for sentence in long_files(ROOT, {})}
    assert not (excused := MAY_BE_LONG.keys() - still_long), f"no longer need an exception: {sorted(excused)}"


def test_nothing_else_stands_at_the_top() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: what belongs to the project is not known")
    assert not (found := strangers_at_the_top(listed.splitlines())), sentences(found)


# --- the rules themselves -------------------------------------------------------------------------------------------


def tree(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ocr/images.py", "import storage.db"),
        ("ocr/images.py", "def late():\n    from handlers import chat"),
        ("storage/db.py", "from ocr.reading import Reading"),
        ("handlers/cards/parts.py", "from bot.settings import Settings"),
        ("handlers/cards/parts.py", "import importlib\nimportlib.import_module('bot.app')"),
        ("handlers/policies/rule.py", "from ...bot import settings"),
    ],
)
def test_a_wrong_arrow_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert len(wrong_arrows(tree(tmp_path, {path: text}))) == 1


def test_right_arrows_are_let_pass(tmp_path: Path) -> None:
    files = {
        "bot/app.py": "import handlers.inbox\nfrom storage import db\nfrom . import settings",
        "handlers/inbox.py": "from storage import jobs\nimport ocr\nfrom .chat import Card",
        "storage/jobs.py": "from dbos import DBOS\nfrom .db import session",
        "bot/slack/send.py": "from slack_sdk import WebClient",
    }
    root = tree(tmp_path, files)
    assert wrong_arrows(root) == libraries_out_of_place(root) == platforms_that_know_each_other(root) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bot/app.py", "from slack_bolt import App"),
        ("handlers/outbox.py", "import slack_sdk.errors"),
        ("bot/slack/send.py", "from linebot.v3 import messaging"),
        ("storage/db.py", "import dbos"),
    ],
)
def test_a_library_out_of_place_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert len(libraries_out_of_place(tree(tmp_path, {path: text}))) == 1


@pytest.mark.parametrize(
    "text", ["from bot.line import render", "from ..line.render import flex", "import bot.line.send"]
)
def test_a_platform_that_knows_another_is_found(tmp_path: Path, text: str) -> None:
    assert len(platforms_that_know_each_other(tree(tmp_path, {"bot/slack/render.py": text}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def f(p):\n    return p.name == 'slack'",
        "def f(p):\n    return p in ('line', 'other')",
        "def f(p):\n    match p:\n        case 'web':\n            return 1",
    ],
)
def test_a_branch_on_a_platform_is_found(tmp_path: Path, text: str) -> None:
    assert len(branches_on_a_platform(tree(tmp_path, {"handlers/cards/parts.py": text}))) == 1


def test_a_long_file_is_found_unless_excused(tmp_path: Path) -> None:
    root = tree(
        tmp_path, {"bot/long.py": "x = 1\n" * 401, "bot/web/page.css": "a {}\n" * 401, "ocr/short.py": "x = 1\n" * 400}
    )
    assert len(long_files(root, {})) == 2
    assert len(long_files(root, {"bot/long.py": "a table"})) == 1


def test_a_stranger_at_the_top_is_found() -> None:
    assert strangers_at_the_top(["bot/app.py", ".gitignore", "scripts/x.sh", "setup.py"]) == ["scripts", "setup.py"]
