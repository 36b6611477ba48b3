"""Calling a trip off: why, and what cannot be had back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from handlers import dialogues, money
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.texts import LOCALES, t
from handlers.trips import cancelling
from handlers.trips.cancelling import Cost
from handlers.turn import Turn, View
from storage.models import Claim

MOST_COSTS = 20  # questions of one form; beyond, costs are asked by kind
LONGEST_LABEL = 75
NOTHING = ("なし", "無し", "ない", "0", "none", "no")
COSTS = {  # how people name what they paid for
    "lodging": ("宿泊", "ホテル", "旅館", "宿", "lodging", "hotel"),
    "package": ("パック", "ツアー", "package"),
    "transport": (
        "交通",
        "新幹線",
        "航空",
        "飛行機",
        "鉄道",
        "電車",
        "切符",
        "運賃",
        "バス",
        "transport",
        "train",
        "flight",
    ),
}


def cancel_form(view: View, request: Claim) -> Form:
    """Why, and what cannot be had back of each ride, stay and package; without costs the request simply ends."""
    hint = view.t("what cannot be had back")
    amounts = tuple(
        Input(name, view.t("Cancellation costs: {what}", what=cost.what)[:LONGEST_LABEL], "amount", hint=hint)
        for name, cost in _single(request).items()
    ) or tuple(Input(kind, view.t(label), "amount", hint=hint) for kind, label in cancelling.LABELS.items())
    return Form(
        token=view.token("trip_cancel", request.id, request.version),
        title=view.t("Call off #{number}", number=request.number),
        submit=view.t("Call off"),
        inputs=(Input("reason", view.t("Reason"), "long_text", required=True, max_length=300), *amounts),
    )


def _single(request: Claim) -> dict[str, Cost]:
    """The request's costs one by one, by the name of their question; none where there are too many for a form."""
    found = [cost for _, cost in cancelling.lines(request)]
    return {f"cost_{number}": cost for number, cost in enumerate(found)} if len(found) <= MOST_COSTS else {}


def reason_form(view: View, request: Claim) -> Form:
    """The same where questions are asked one by one: first why."""
    return Form(
        token=view.token("trip_cancel", request.id, request.version),
        title=view.t("Call off #{number}", number=request.number),
        submit=view.t("Call off"),
        inputs=(Input("reason", view.t("Reason"), "long_text", required=True, max_length=300),),
    )


def _costs_form(view: View, request: Claim, reason: str) -> Form:
    return Form(
        token=view.token("trip_cancel", request.id, request.version, reason),
        title=view.t("Call off #{number}", number=request.number),
        submit=view.t("Call off"),
        inputs=(
            Input(
                "costs",
                view.t("Costs that cannot be had back"),
                "text",
                options=((view.t("No costs"), view.t("No costs")),),
                required=True,
                hint=view.t("For example: hotel 3000, train 1200"),
            ),
        ),
    )


def _check_cancel(asked: Asked, values: Values) -> Wrong:
    request = asked.claim()
    wrong: Wrong = {}
    if "reason" in values and not values["reason"].strip():
        wrong["reason"] = Refusal("Please write the reason in a few words.")
    for name in (*cancelling.KINDS, *_single(request)):
        try:
            _amount(values.get(name, ""))
        except Refusal as refusal:
            wrong[name] = refusal
    try:
        if "costs" in values:
            _costs(values["costs"])
    except Refusal as refusal:
        wrong["costs"] = refusal
    return wrong


def _amount(said: str) -> int:
    return money.parse(said) if said.strip() else 0


def _costs(said: str) -> dict[str, int]:
    """``宿泊 3,000円、新幹線 1200``: yen by kind; nothing for 「なし」."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", said).strip().lower())
    if plain in {*NOTHING, *(t(locale, "No costs").lower() for locale in LOCALES)}:
        return {}
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[、,・/\n]", plain))):
        kind = next((kind for kind, words in COSTS.items() if any(word in part for word in words)), None)
        amount = re.search(r"\d+", part)
        if kind is None or amount is None:
            raise Refusal("Please write what and how much, for example: hotel 3000, train 1200.")
        found[kind] = found.get(kind, 0) + int(amount[0])
    return found


def _answer_cancel(turn: Turn, action: Action, values: Values) -> None:
    request = claim_of(turn, action)
    reason = (values.get("reason") or action.extra).strip()[:300]
    single = _single(request)
    if "costs" not in values and not any(name in values for name in (*cancelling.KINDS, *single)):
        cancelling.may_cancel(turn.session, request, by=turn.member)
        dialogues.converse(turn, _costs_form(turn.view, request, reason))
        return
    by_kind = {kind: _amount(values.get(kind, "")) for kind in cancelling.KINDS}
    by_kind = _costs(values["costs"]) if "costs" in values else by_kind
    lost = [replace(cost, amount=_amount(values.get(name, ""))) for name, cost in single.items()]
    lost += [Cost(kind, amount) for kind, amount in by_kind.items()]
    claim = cancelling.call_off(
        turn.session,
        turn.organization,
        request,
        by=turn.member,
        version=action.version,
        reason=reason,
        lost=lost,
        now=turn.services.clock(),
        locale=turn.view.locale,
    )
    put(turn, request, quietly=True)
    if claim is not None:
        put(turn, claim)
    elif not turn.capabilities.can_edit:
        turn.tell(turn.t("The trip of #{number} is called off.", number=request.number))


FORMS = {"trip_cancel": FormKind(_check_cancel, _answer_cancel)}
