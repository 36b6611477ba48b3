"""One expense of certain people (a grade, a department, a person) stays under their limit."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Person, Strength, category, said, yen


class _LimitPerson:
    name = "limit-person"
    title = "Over the limit of the person"
    what = "One expense of a person, grade or department is over their limit."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("person", "text", "", "The person, by e-mail; empty: everybody.", ("人",), selects=True),
        Parameter("grade", "text", "", "The grade; empty: any.", ("等級",), selects=True),
        Parameter("department", "text", "", "The department; empty: any.", ("部署",), selects=True),
        Parameter("category", "category", "", "The category; empty: all.", ("科目",), selects=True),
        Parameter("max", "yen", None, "The largest amount allowed (yen).", ("上限",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        if not meant(case.member, parameters):
            return
        limit, only = parameters.number("max"), parameters.text("category")
        whose = " ".join(parameters.text(name) for name in ("department", "grade", "person") if parameters.text(name))
        for line in case.lines:
            claimed = case.bought(line)
            if (only and line.category != only) or claimed is None or claimed <= limit:
                continue
            values = {
                "category": category(only) if only else said("All categories"),
                "amount": yen(claimed),
                "over": yen(claimed - limit),
                "limit": yen(limit),
                "who": whose or case.member.name,
            }
            key = ":".join((self.name, whose, only, line.id))
            yield Finding(
                self.name, "{category}: {amount} is {over} over the limit of {limit} for {who}.", values, line.id, key
            )


def meant(member: Person, parameters: Parameters) -> bool:
    """Whether a row is for this person."""
    known = {"person": member.email.casefold(), "grade": member.grade, "department": member.department}
    wanted = {name: parameters.text(name) for name in known}
    wanted["person"] = wanted["person"].casefold()
    return all(not text or known[name] == text for name, text in wanted.items())


LIMIT_PERSON = _LimitPerson()
