"""Every sentence that a person may read exists in Japanese, with the same placeholders."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from handlers import cards, categories, dialogues, people, strangers, suspicions, taxes
from handlers.cards import lane, trail
from handlers.commands import policies
from handlers.forms import by_hand, missing, trip_choices
from handlers.lane import conditions
from handlers.policies import RULES
from handlers.texts import catalogue, t
from handlers.trips import asking

ROOT = Path(__file__).parents[2]
TABLES = (
    cards.FIELD_LABELS.values(),
    [label for label, _ in cards.STATE_LABELS.values()],
    cards.FAILURES.values(),
    cards.NOTICES.values(),
    categories.PAYMENT_METHODS.values(),
    people.ROLES.values(),
    strangers.REFUSALS.values(),
    taxes.INCLUSION.values(),
    by_hand.TAX_RATES.values(),
    missing.USUAL,
    trip_choices.KINDS.values(),
    trip_choices.MEALS.values(),
    trip_choices.YES_NO.values(),
    trip_choices.PAYERS.values(),
    ("Give the reason for the ride", "Answer what the rules ask"),
    asking.QUESTIONS.values(),
    asking.BACK.values(),
    (dialogues.EMPTY,),
    lane.ACTS.values(),
    (lane.FALLEN,),
    trail.TOLD.values(),
    (suspicions.SAME_FILE,),
    conditions.PROOFS.values(),
    policies.STRENGTH_LABELS.values(),
    policies.CONFIDENCE_LABELS.values(),
    [text for rule in RULES.values() for text in (rule.title, rule.what, *(p.what for p in rule.parameters))],
)
SAYS = {"t": 0, "Refusal": 0, "NotAllowed": 0, "Command": 3, "Finding": 1, "said": 0, "Check": 2}


def literals(node: ast.AST) -> list[str]:
    """The texts an argument may be: a literal, or either branch of a choice between literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return []


def said_in(file: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in SAYS:
            continue
        position = SAYS[called]
        if called == "t" and isinstance(node.func, ast.Name):
            position = 1  # t(locale, text)
        if len(node.args) > position:
            found += literals(node.args[position])
    return found


def sentences() -> set[str]:
    code = [file for package in ("handlers", "bot") for file in (ROOT / package).rglob("*.py")]
    texts = {text for file in code for text in said_in(file)} | {text for table in TABLES for text in table}
    return {text for text in texts if any(character.isalpha() for character in text)}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


# What the demo's terminal story prints is for the person who installs, in English like every command-line message.
TERMINAL_ONLY = {"the server did not start", "The story did not end well: {what}"}
SAME_IN_BOTH = {"/keihi help"}


@pytest.mark.parametrize("text", sorted(sentences() - TERMINAL_ONLY - SAME_IN_BOTH))
def test_every_sentence_has_a_japanese_one_with_the_same_places(text: str) -> None:
    japanese = catalogue("ja").get(text)
    assert japanese, f"no Japanese for: {text}"
    assert placeholders(japanese) <= placeholders(text)


def test_english_is_the_text_itself_and_an_unknown_language_falls_back_to_it() -> None:
    assert t("en", "Submitted to {name} as #{number}.", name="Ito", number=3) == "Submitted to Ito as #3."
    assert t("fr", "Submit") == "Submit"


def test_no_sentence_has_two_translations() -> None:
    """Each stands in one file of the catalogue, so that changing it there changes it."""
    files = (ROOT / "handlers/texts/ja").glob("*.po")
    told = [str(entry.id) for file in files for entry in read_po(file.open("rb")) if entry.id]
    assert sorted(told) == sorted(set(told))


def test_japanese_is_spoken_where_nothing_was_chosen() -> None:
    assert t("", "Submit") == "提出"
