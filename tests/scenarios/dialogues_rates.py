"""Foreign currency: a rate is wanted, an administrator registers it, and the claim goes on in yen."""

from __future__ import annotations

from tests.scenarios.days import DAY_BEFORE, TWO_BEFORE
from tests.scenarios.script import Dialogue, administrator, dialogue, receipt, supervisor, worker

NO_RATE = "A rate is yen for one unit, above 0, for example 155.32. Of a hundred units: 10.85/100."


# Slack and LINE share one organisation, whose rates count for all: a currency for each, used nowhere else.
def wanted(currency: str, place: str) -> Dialogue:
    original = f"{currency}4,480.00"
    return dialogue(
        f"A rate of {currency} is wanted: the claim is stopped, the administrator registers it, the worker goes on",
        administrator.commands(f"rate {currency}"),  # of many administrators those who were here last are told
        administrator.sees("There is no exchange rate of {currency} yet.", currency),
        worker.sends(receipt("Lakeside Print Shop", 4480, registration="")),
        worker.taps("Edit", on=("Lakeside Print Shop",)),
        worker.fills({"Tax 10%": "", "Currency": currency}),
        worker.sees("Lakeside Print Shop", original, "no exchange rate yet"),
        worker.taps("Submit", on=(original,)),
        worker.sees("#{number} cannot be submitted. {why}", currency),
        supervisor.never_sees("Lakeside Print Shop", "no exchange rate yet"),
        administrator.sees("An exchange rate is wanted: {currency}, {day}", currency, buttons=("Enter the rate",)),
        worker.commands(f"rate {currency} {DAY_BEFORE} 190.5"),
        worker.sees("Only people with the role “{role}” can use this command."),
        administrator.taps("Enter the rate", on=(currency,)),
        administrator.fills({"Yen for one unit": "ゼロ"}, refused=NO_RATE),
        administrator.waits(),
        administrator.taps("Enter the rate", on=(currency,)),
        administrator.fills({"Yen for one unit": "190.5 みなと銀行TTM"}),
        administrator.sees("The exchange rate is registered.", "190.5", "Drafts that can be submitted now: {count}"),
        worker.sees(f"{original} × 190.5", "みなと銀行TTM", "¥853,440", buttons=("Submit",)),
        worker.taps("Submit", on=("¥853,440",)),
        supervisor.sees(f"{original} × 190.5", "みなと銀行TTM", "¥853,440", buttons=("Approve",)),
        supervisor.taps("Approve", on=("¥853,440",)),
        worker.sees("Approved by {who} ({when})", supervisor.name),
        on=(place,),
    )


SLIP = dialogue(
    "A slip of the finger is asked once more, and days to come have no rate",
    administrator.commands(f"rate SEK {TWO_BEFORE} 15.32 出典=TTM"),
    administrator.sees("The exchange rate is registered.", "SEK", "15.32"),
    administrator.commands(f"rate SEK {DAY_BEFORE} 1.53"),
    administrator.sees(
        "{rate} is more than ten times off the rate of {day} ({near}). Send it once more if it is right.", "15.32"
    ),
    administrator.says("15.3"),
    administrator.sees("This is another rate than before. Please send the same, or stop and begin anew."),
    administrator.commands("rate SEK 2099-01-01 15.3"),
    administrator.sees("This day has not come yet. A rate is of today or before."),
    administrator.commands("rate 円 1"),
    administrator.sees("Yen need no rate."),
)

DIALOGUES = (wanted("CHF", "slack"), wanted("NOK", "line"), wanted("DKK", "web"), SLIP)
