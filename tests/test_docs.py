"""The documentation says what the code says: every setting, command, failure and exception stands in it, every link
leads somewhere, and the project speaks of itself alone.
"""

from __future__ import annotations

import ast
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli import app
from bot.commands.members import COLUMNS
from bot.settings import Settings
from handlers import cards, claims, dialogues, people, receipts
from handlers.commands import COMMANDS
from handlers.commands.members import KEYS
from handlers.learning import habits
from handlers.people import ROLE_WORDS
from handlers.texts import t

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
PEOPLES_PAGES = ("workers.md", "approvers.md", "administrators.md", "setup-slack.md", "setup-line.md", "settings.md")
PACKAGES = ("bot", "handlers", "ocr", "storage")


@cache
def page(name: str) -> str:
    return (ROOT / "README.md" if name == "README.md" else DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> Iterator[list[str]]:
    """The rows of every Markdown table, cells without the blanks around."""
    for line in text.splitlines():
        if line.startswith("|") and not re.fullmatch(r"[|\-: ]+", line):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def quoted(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def first_sentence(text: str) -> str:
    """The part before the first figure in braces or the end of the first sentence, as the pages quote it."""
    return re.split(r"(?<=。)|(?<=\.) |[（(]?\{", text)[0].strip()


# --- settings ---------------------------------------------------------------------------------------------------------


def shown_default(value: object) -> str:
    """A default as the table writes it."""
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{Decimal(str(value)).normalize():f}`"
    return f"`{value}`" if str(value) else "—"


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    documented = {
        quoted(row[0])[0]: row[1]
        for row in rows(page("settings.md"))
        if len(row) == 4 and row[0].startswith("`KEIHI_") and row[2] and row[3]
    }
    settings = {f"KEIHI_{name.upper()}": shown_default(f.default) for name, f in Settings.model_fields.items()}
    assert documented == settings


@pytest.mark.parametrize("name", [p.name for p in PAGES])
def test_no_page_names_a_setting_that_is_not_there(name: str) -> None:
    known = {f"KEIHI_{field.upper()}" for field in Settings.model_fields} | {"KEIHI_SHARED"}  # the tests' own
    assert set(re.findall(r"KEIHI_[A-Z_]+[A-Z]", page(name))) <= known


# --- commands ---------------------------------------------------------------------------------------------------------


def server_commands(command: Any, path: str = "keihi") -> Iterator[tuple[str, Any]]:
    """(path, command) of every leaf of the ``keihi`` command."""
    children = getattr(command, "commands", None)
    if not children:
        yield path, command
        return
    for name, child in children.items():
        yield from server_commands(child, f"{path} {name}")


def every_server_command() -> dict[str, Any]:
    return dict(server_commands(typer.main.get_command(app)))


def test_every_server_command_and_its_options_are_documented() -> None:
    text = page("commands.md")
    listed = {" ".join(re.findall(r"[a-z-]+", quoted(row[0])[0])) for row in rows(text) if quoted(row[0])}
    for path, command in every_server_command().items():
        assert any(line == path or line.startswith(f"{path} ") for line in listed), f"{path} has no line"
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or f"`{option}" in text, f"{path} {option} is not explained"


@pytest.mark.parametrize("name", [p.name for p in PAGES])
def test_pages_name_only_server_commands_that_exist(name: str) -> None:
    paths = [path.split()[1:] for path in every_server_command()]
    said = re.findall(r"(?:^|`|/bin/)keihi((?: [a-z-]+)+)", page(name), re.MULTILINE)
    words = {command.name for command in COMMANDS}  # in LINE the chat's commands look alike
    for words_said in (one.split() for one in said):
        known = any(words_said[: len(path)] == path or path[: len(words_said)] == words_said for path in paths)
        assert known or words_said[0] in words, f"keihi {' '.join(words_said)}"


def test_every_chat_command_and_its_japanese_words_are_documented() -> None:
    by_name: dict[str, set[str]] = {}
    for row in rows(page("commands.md")):
        for said in quoted(row[0])[:1]:
            if said.startswith("/keihi "):
                by_name.setdefault(said.split()[1], set()).update(quoted(row[1]))
    assert by_name == {command.name: set(command.words) for command in COMMANDS}


def test_administrators_commands_are_marked_as_theirs() -> None:
    for row in rows(page("commands.md")):
        said = quoted(row[0])
        command = next((c for c in COMMANDS if said and said[0] == f"/keihi {c.usage.split()[0]}"), None)
        if command is not None:
            assert (row[4] == "管理者 / admin") == (command.role == "admin"), command.name


@pytest.mark.parametrize("name", [p.name for p in PAGES])
def test_pages_name_only_chat_commands_that_exist(name: str) -> None:
    words = {word for command in COMMANDS for word in (command.name, *command.words)}
    said = set(re.findall(r"(?<!\w)/keihi ([^\s`…）)|]+)", page(name)))
    assert said <= words


def test_the_keys_and_roles_of_add_are_documented() -> None:
    listed = {word for row in rows(page("commands.md")) for cell in row for word in quoted(cell)}
    assert {f"{key}=" for key in KEYS} <= listed
    assert {*ROLE_WORDS, *people.ROLES} <= listed


@pytest.mark.parametrize(("begins", "ends"), [("### CSV でまとめて", "### 役割"), ("### Many, by CSV", "### Roles")])
def test_the_columns_of_the_import_are_documented(begins: str, ends: str) -> None:
    table = page("administrators.md").split(begins)[1].split(ends)[0]
    listed = [set(quoted(row[0])) for row in rows(table) if quoted(row[0])]
    assert len(listed) == len(COLUMNS)
    for ours, aliases in COLUMNS.items():
        assert any(names and names <= set(aliases) for names in listed), f"no line for {ours}"


@pytest.mark.parametrize(
    ("begins", "ends"), [("### 役割", "### チャットとつなぐ"), ("### Roles", "### Connecting chats")]
)
def test_every_role_is_documented(begins: str, ends: str) -> None:
    table = page("administrators.md").split(begins)[1].split(ends)[0]
    assert [quoted(row[0])[0] for row in rows(table) if quoted(row[0])] == list(people.ROLES)


# --- what people are told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", cards.FAILURES)
def test_every_failure_is_explained_to_people_in_both_languages_and_to_operators(code: str) -> None:
    workers = page("workers.md")
    for locale in ("ja", "en"):
        sentence = first_sentence(t(locale, cards.FAILURES[code]))
        assert any(row[0].startswith(sentence) and row[1] for row in rows(workers)), sentence
    assert any(quoted(row[0]) == [code] and row[1] for row in rows(page("operations.md")))


@pytest.mark.parametrize("code", cards.NOTICES)
def test_every_notice_on_a_card_is_explained_in_both_languages(code: str) -> None:
    for locale in ("ja", "en"):
        sentence = first_sentence(t(locale, cards.NOTICES[code]))
        assert any(row[0].startswith(sentence) and row[1] for row in rows(page("workers.md"))), sentence


def test_every_state_of_a_claim_is_explained_in_both_languages() -> None:
    for state in claims.STATES:
        for locale in ("ja", "en"):
            label = t(locale, cards.STATE_LABELS[state][0])
            assert re.search(rf"^\| {label} \||[「“]{label}[」”]", page("workers.md"), re.MULTILINE), label


def test_the_life_of_a_claim_is_the_one_in_the_code() -> None:
    named = [[quoted(cell)[:1] for cell in row[:3]] for row in rows(page("architecture.md")) if len(row) == 4]
    documented = {(a[0], b[0]): c[0] for a, b, c in named if a and b and c and a[0] in claims.STATES}
    assert documented == dict(claims.TRANSITIONS)


def test_times_that_pages_promise_are_those_of_the_code() -> None:
    hours, tries = int(people.CODE_LIFE.total_seconds()) // 3600, people.CODE_TRIES
    assert f"登録コードは {hours} 時間、一度だけ使えます" in page("administrators.md")
    assert f"間違いは 1 時間に {tries} 回まで" in page("administrators.md")
    minutes = int(receipts.NOTE_WITHIN.total_seconds()) // 60
    assert f"写真のあと {minutes} 分以内" in page("workers.md")
    assert f"within {minutes} minutes after the photo" in page("workers.md")
    minutes = int(dialogues.LIFE.total_seconds()) // 60
    assert f"LINE の質問は {minutes} 分で終わります" in page("workers.md")
    assert f"A question in LINE ends after {minutes} minutes" in page("approvers.md")
    assert f"新しい順に {habits.NEWEST} 件" in page("administrators.md")
    assert f"(the newest {habits.NEWEST})" in page("administrators.md")
    assert f"{habits.LEAST} 件（表に手がかりがなければ {habits.LEAST_WITHOUT} 件）" in page("administrators.md")
    assert int(Settings.model_fields["max_pages"].default) == 5
    assert "最初の 5 ページまで" in page("workers.md")


# --- exceptions -------------------------------------------------------------------------------------------------------


def exceptions() -> dict[str, str]:
    """Name → file of every public exception class of the four packages."""
    found: dict[str, tuple[list[str], str]] = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    bases = [ast.unparse(base).split(".")[-1] for base in node.bases]
                    found[node.name] = (bases, file.relative_to(ROOT).as_posix())

    def fails(name: str) -> bool:
        bases = found[name][0] if name in found else []
        return any((base in found and fails(base)) or re.fullmatch(r"\w*(Error|Exception)", base) for base in bases)

    return {name: found[name][1] for name in found if not name.startswith("_") and fails(name)}


def test_every_exception_is_documented_and_no_other() -> None:
    text = page("architecture.md").split("## Errors")[1].split("\n## ")[0]
    documented = {quoted(row[0])[0] for row in rows(text) if quoted(row[0])}
    assert documented == set(exceptions())


# --- links and pages --------------------------------------------------------------------------------------------------


def links(text: str) -> list[str]:
    """Targets of links and pictures outside code."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", plain)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE):
        kept = (c for c in heading.strip().lower() if c in " -_" or unicodedata.category(c)[0] in "LNM")
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in links(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        there = file.is_relative_to(ROOT) and file.exists()
        if not there or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("start", ["README.md", "README.ja.md"])
def test_every_page_can_be_reached(start: str) -> None:
    path = ROOT / start if start == "README.md" else DOCS / start
    reached = {(path.parent / target.partition("#")[0]).resolve() for target in links(path.read_text(encoding="utf-8"))}
    assert {p.resolve() for p in PAGES if p != path} <= reached


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readme_has_the_two_commands_and_make_knows_them(name: str) -> None:
    blocks = re.findall(r"^```\n(.*?)^```", page(name), re.DOTALL | re.MULTILINE)
    assert {"make run", "make test"} <= {line for block in blocks for line in block.splitlines()}
    for target in re.findall(r"`?make ([a-z-]+)", page(name)):
        assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), target


@pytest.mark.parametrize("name", PEOPLES_PAGES)
def test_pages_for_people_are_japanese_first_then_english(name: str) -> None:
    first, _, second = page(name).partition("\n---\n")
    assert "[English below](#" in first.splitlines()[2]
    assert len(re.findall("[ぁ-ん]", first)) > 10 * len(re.findall("[ぁ-ん]", second))
    english = links("\n".join(first.splitlines()[:3]))[0].removeprefix("#")
    assert english in anchors(second)


# --- the project speaks of itself alone -------------------------------------------------------------------------------

# Written so that this file does not hold what it looks for.
FOREIGN = {
    "a path of one machine": r"(?<![\w.~-])/(?:work|root|workspace)/(?:[a-z]|\.)|/home/(?!keihi\b)[a-z]+/",
    "a tracker's number": r"\b[i]ssue[ -]?(?:#\d|\d+\b)|\b(?:[t]his|[n]ext|[l]ater|[e]arlier) [i]ssues?\b",
    "who wrote it": r"\b(?:[s]ub-?agents?|[a]i agents?|[c]oding agents?|AGEN[T]S\.md|CLAUD[E]\.md|[l]anguage model)\b",
    "how it was written": r"\b(?:[t]his|[n]ext|[p]revious|[e]arlier) (?:working )?[s]ession of work\b|/tmp/[b]rief",
    "another index of packages": r"(?:--(?:extra-)?index-url|--find-links|--trusted-host)[ =]+\S|^registry ?=",
}


def tracked() -> list[Path]:
    """The text files of the project, by git; a checkout without git cannot be asked."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [file for file in files if file.is_file() and b"\0" not in file.read_bytes()[:8000]]


def foreign_words(text: str) -> list[str]:
    return [f"{what}: {hit.group()!r}" for what, p in FOREIGN.items() for hit in re.finditer(p, text, re.I | re.M)]


def test_the_project_speaks_of_itself_alone() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): words
        for file in tracked()
        if (words := foreign_words(file.read_text(encoding="utf-8", errors="replace")))
    }
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "see /wo" + "rk/main/bot",
        "as is" + "sue 3 asks",
        "left to the ne" + "xt is" + "sue",
        "a sub" + "agent wrote it",
        "pip install --index" + "-url https://packages.example.jp",
    ],
)
def test_a_foreign_word_is_found(text: str) -> None:
    assert foreign_words(text)


@pytest.mark.parametrize(
    "text", ["User-Agent: Keihi", "issue_code(session)", "a session of 12 hours", "the tests look in ../shared"]
)
def test_our_own_words_are_not(text: str) -> None:
    assert not foreign_words(text)


def test_packages_come_from_public_registries_only() -> None:
    resolved = re.findall(r'"resolved": "https?://([^/"]+)', (ROOT / "tests/contract/package-lock.json").read_text())
    assert set(resolved) <= {"registry.npmjs.org"}
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"https?://", (ROOT / lock).read_text(encoding="utf-8"))
