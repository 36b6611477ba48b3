"""Every rule stands in docs/rules.md as it is, and every built-in row says where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.commands.policies import OWN_KEYS
from handlers.policies import RULES, STRENGTHS, in_force
from handlers.texts import t

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].split("`")[1]: cells
    for line in PAGE.splitlines()
    if line.startswith("| `") and len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6
}
ORIGIN = {"verified": "source read", "usual": "common practice", "unverified": "not verified"}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_documented_with_its_strength_and_parameters(name: str) -> None:
    rule, row = RULES[name], ROWS[name]
    assert t("ja", rule.title) in row[0]
    assert (t("ja", rule.what), rule.what) == (row[1], row[2])
    built_in = next((p for p in in_force.defaults() if p.rule == name), None)
    assert f"`{built_in.strength if built_in else rule.strength}`" in row[3]
    assert set(re.findall(r"`([^`]+)=`", row[4])) == {word for p in rule.parameters for word in (p.name, *p.words)}
    assert (ORIGIN[built_in.confidence] if built_in else "none until set") in row[5]


def test_no_rule_is_documented_that_is_not_there() -> None:
    assert set(ROWS) - set(RULES) <= {"note", "reason", "stop", "off"}


@pytest.mark.parametrize("row", in_force.defaults(), ids=lambda row: row.rule)
def test_what_is_built_in_has_a_source_a_confidence_and_known_values(row: in_force.InForce) -> None:
    rule = RULES[row.rule]
    assert row.source
    assert row.confidence in ORIGIN
    assert row.strength in STRENGTHS
    assert set(row.values) <= {p.name for p in rule.parameters}
    assert all(p.default is not None or p.name in row.values for p in rule.parameters)


@pytest.mark.parametrize("name", RULES)
def test_no_parameter_has_the_name_of_what_every_rule_has(name: str) -> None:
    words = [word for p in RULES[name].parameters for word in (p.name, *p.words)]
    assert len(words) == len(set(words))
    assert not set(words) & set(OWN_KEYS)
