"""What people correct is known at the next receipt of the same shop, until somebody undoes it."""

from __future__ import annotations

from datetime import date

from tests.scenarios.days import DAY, DAY_BEFORE, TWO_BEFORE, printed
from tests.scenarios.script import CHATS, EVERYWHERE, Paper, administrator, colleague, dialogue, receipt, worker

FROM_CORRECTION = "From a correction of {day}: {fields}"
FORGOTTEN = "Forgotten: {name}. Its receipts are taken as they are read again."
REFUSED = "Only accountants and administrators can make the bot forget."


def shop(total: int, day: date) -> Paper:
    """Reads as まるふじ商会; its people write 丸藤商会."""
    return receipt("まるふじ商会", total, day=printed(day, " 10:15"), registration="T9012340005678")


LEARNED = dialogue(
    "A shop that was corrected is known the next time, until the administrator undoes it",
    worker.sends(shop(1210, TWO_BEFORE)),
    worker.sees("Draft", "まるふじ商会", "¥1,210"),
    worker.taps("Edit", on=("¥1,210",)),
    worker.fills({"Payee": "丸藤商会", "Category": "福利厚生費"}),
    worker.sees("Draft", "丸藤商会", "福利厚生費"),
    worker.taps("Submit", on=("丸藤商会", "福利厚生費")),
    worker.waits(),
    worker.sends(shop(1320, DAY_BEFORE)),
    worker.sees("Draft", "丸藤商会", "福利厚生費", "¥1,320", FROM_CORRECTION, without=("まるふじ商会",)),
    worker.never_sees("¥1,320", "Please check the fields marked ⚠."),
    worker.commands("learned forget 丸藤商会"),
    worker.sees(REFUSED),
    administrator.commands("learned 丸藤"),
    administrator.sees("Learned from corrections: {count}", "丸藤商会", "福利厚生費", worker.name),
    administrator.taps("Forget", on=("丸藤商会",)),
    administrator.sees(FORGOTTEN, "丸藤商会"),
    worker.sends(shop(1430, DAY)),
    worker.sees("Draft", "まるふじ商会", "¥1,430", without=("丸藤商会", FROM_CORRECTION, "福利厚生費")),
    administrator.taps("Forget", on=("丸藤商会",)),
    administrator.sees("This was already forgotten."),
    on=EVERYWHERE,
)

BY_NAME = dialogue(
    "What a colleague taught helps everybody; by its name it is undone in words",
    colleague.sends(receipt("山びこ文具堂", 2210, registration="T8012340005679")),
    colleague.taps("Edit", on=("¥2,210",)),
    colleague.fills({"Payee": "やまびこ文具"}),
    colleague.taps("Submit", on=("やまびこ文具",)),
    colleague.waits(),
    worker.sends(receipt("山びこ文具堂", 2320, registration="T8012340005679")),
    worker.sees("Draft", "やまびこ文具", "¥2,320", FROM_CORRECTION),
    colleague.commands("learned"),
    colleague.sees("Learned from corrections: {count}", "やまびこ文具"),
    worker.commands("learned"),
    worker.sees("Nothing was learned yet."),
    administrator.commands("learned forget やまびこ文具"),
    administrator.sees(FORGOTTEN, "やまびこ文具"),
    worker.sends(receipt("山びこ文具堂", 2430, registration="T8012340005679")),
    worker.sees("Draft", "山びこ文具堂", "¥2,430", without=("やまびこ文具",)),
    on=CHATS,
)

DIALOGUES = (LEARNED, BY_NAME)
