"""Every field of a draft can be corrected, in a modal, in a sheet, or question by question."""

from __future__ import annotations

from tests.scenarios.days import DAY, DAY_BEFORE, TWO_BEFORE, shown
from tests.scenarios.script import CHATS, administrator, dialogue, number_of, receipt, supervisor, worker


def corrected(label: str, typed: str, shown: str) -> tuple[str, str, str]:
    return label, typed, shown


FIELDS = (
    corrected("Payee", "喫茶のぞみ", "喫茶のぞみ"),
    corrected("Date", f"{DAY_BEFORE}", shown(DAY_BEFORE)),
    corrected("Total", "2,200", "¥2,200"),
    corrected("Tax 10%", "200", "10% ¥200"),
    corrected("Tax 8%", "80", "8% ¥80"),
    corrected("Registration no.", "T1010012345678", "T1010012345678"),
    corrected("Purpose", "来年度予算の打合せ", "来年度予算の打合せ"),
)

EVERY_FIELD = dialogue(
    "Every field is corrected and the supervisor sees the new figures",
    worker.sends(receipt()),
    worker.taps("Edit", on=("喫茶ひかり",)),
    worker.fills({label: typed for label, typed, _ in FIELDS}),
    worker.sees("Draft", *(shown for _, _, shown in FIELDS)),
    worker.taps("Submit", on=("来年度予算の打合せ", "¥2,200", "T1010012345678")),
    supervisor.sees(worker.name, *(shown for _, _, shown in FIELDS)),
)

WRONG_AMOUNT = dialogue(
    "An amount that is none",
    worker.sends(receipt("文具のあおぞら", 330)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills({"Total": "たくさん"}, refused="Please enter an amount in figures, for example 1280."),
    worker.sees("文具のあおぞら", "¥330"),
)

ABROAD = dialogue(
    "A receipt from abroad: its currency, its rates and what is exempt are made right",
    administrator.commands(f"rate GBP {DAY_BEFORE} 196.4 出典=TTM"),
    administrator.sees("The exchange rate is registered.", "196.4"),
    worker.sends(receipt("Harbour Coffee", 1250, registration="")),
    worker.taps("Edit", on=("Harbour Coffee",)),
    worker.fills({"Tax 10%": "", "Currency": "ポンド"}),
    worker.sees("Harbour Coffee", "£1,250.00"),
    worker.taps("Edit", on=("£1,250.00",)),
    worker.fills({"Total": "12.50", "Tax": "20% 1.75\n0% 2.00", "Tax in the prices": "Included"}),
    worker.sees("£12.50", "20% £1.75", "Exempt {amount}", "£2.00", " (included)"),
    worker.taps("Submit", on=("£12.50 × 196.4", "¥2,455", "20% £1.75")),
    supervisor.sees(worker.name, "£12.50", "20% £1.75", "£2.00", "¥2,455"),
)

OTHER_RATES = dialogue(
    "Exempt goods and prices without the tax on a receipt in yen",
    worker.sends(receipt("まちの書店", 2750)),
    worker.taps("Edit", on=("まちの書店",)),
    worker.fills({"Other taxes": "0% 550", "Tax 10%": "200", "Tax in the prices": "Added on top"}),
    worker.sees("まちの書店", "10% ¥200", " (added)", "Exempt {amount}", "¥550"),
)

TOO_MUCH_TAX = dialogue(
    "Taxes that are more than the whole",
    worker.sends(receipt("文具のあおぞら", 770)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills({"Tax 10%": "771"}, refused="Taxes and exempt amounts together are larger than the total."),
    worker.sees("文具のあおぞら", "¥770"),
)

NO_CURRENCY = dialogue(
    "A currency that does not exist",
    worker.sends(receipt("文具のあおぞら", 780)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills(
        {"Currency": "ABC"}, refused="This currency is not known. Please enter its code, for example JPY or USD."
    ),
    worker.sees("文具のあおぞら", "¥780"),
)

FRACTION = dialogue(
    "Fractions of a yen",
    worker.sends(receipt("文具のあおぞら", 790)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills({"Total": "790.5"}, refused="Amounts in {currency} have no decimals. Please enter a whole number."),
    worker.sees("文具のあおぞら", "¥790"),
)

WRONG_NUMBER = dialogue(
    "A registration number whose check digit does not hold",
    worker.sends(receipt("文具のあおぞら", 440)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills(
        {"Registration no.": "T1234567890123"},
        refused="This registration number is not valid. It is T and 13 digits, as printed on the receipt.",
    ),
    worker.sees("文具のあおぞら", number_of("文具のあおぞら")),
)

FUTURE = dialogue(
    "A date far in the future",
    worker.sends(receipt("文具のあおぞら", 660)),
    worker.taps("Edit", on=("文具のあおぞら",)),
    worker.fills({"Date": "2031-11-20"}, refused="That date is too far in the future."),
    worker.sees(shown(DAY), "¥660"),
)

MISSING = dialogue(
    "What could not be read is asked for before the claim is sent",
    worker.sends(receipt("喫茶ひかり", 880, day="")),
    worker.sees("¥880", "Please check the fields marked ⚠."),
    worker.taps("Submit", on=("¥880",)),
    worker.sees("Something is still missing: {fields}. Please fill it in with “Edit”."),
    supervisor.sees_nothing_yet("¥880"),
    worker.taps("Edit", on=("¥880",)),
    worker.fills({"Date": f"{TWO_BEFORE}"}),
    worker.taps("Submit", on=(shown(TWO_BEFORE),)),
    supervisor.sees("¥880", shown(TWO_BEFORE), without=("Please check the fields marked ⚠.",)),
)

OLD_FORM = dialogue(
    "A correction on a claim that was submitted meanwhile",
    worker.sends(receipt("旅館みずうみ", 9900)),
    worker.sees("旅館みずうみ"),
    worker.keeps("draft", "旅館みずうみ"),
    worker.taps("Submit"),
    supervisor.sees("旅館みずうみ"),
    worker.taps("Edit", kept="draft"),
    worker.sees("Claim #{number} is already submitted and waits for approval."),
    on=("line",),
)

WORDS = dialogue(
    "A Japanese era date and full-width figures are understood",
    worker.sends(receipt("まちの書店", 1650)),
    worker.taps("Edit", on=("まちの書店",)),
    worker.fills({"Total": "１，７６０円"}),
    worker.sees("まちの書店", "¥1,760", "Draft"),
    on=CHATS,
)

DIALOGUES = (
    EVERY_FIELD,
    ABROAD,
    OTHER_RATES,
    TOO_MUCH_TAX,
    NO_CURRENCY,
    FRACTION,
    WRONG_AMOUNT,
    WRONG_NUMBER,
    FUTURE,
    MISSING,
    OLD_FORM,
    WORDS,
)
