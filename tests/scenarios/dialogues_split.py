"""One receipt divided: a line a tax rate, a part with a purpose of its own, a private share; put together again."""

from __future__ import annotations

from tests.scenarios.days import DAY, printed
from tests.scenarios.script import Paper, dialogue, number_of, receipt, supervisor, worker

OF_ONE = "Line {place} of one receipt of {whole}."


def bill(payee: str, at_10: int, at_8: int) -> Paper:
    """A receipt of a shop that sells at both rates, taxes in the prices."""
    total = at_10 + at_8
    return Paper(
        (
            payee,
            "東京都架空区ひかり町1-2-3",
            printed(DAY),
            f"合計 ¥{total:,}",
            f"(10%対象 ¥{at_10:,} 内消費税等 ¥{at_10 * 10 // 110:,})",
            f"(8%対象 ¥{at_8:,} 内消費税等 ¥{at_8 * 8 // 108:,})",
            "現金払い",
            f"登録番号 {number_of(payee)}",
        )
    )


BY_RATE = dialogue(
    "A receipt of two rates becomes two lines and one again; the approver sees the lines and their sum",
    worker.sends(bill("スーパーいなほ", 2200, 1080)),
    worker.sees("Draft", "スーパーいなほ", "¥3,280", buttons=("Divide",)),
    worker.taps("Divide", on=("¥3,280",)),
    worker.sees("Divide {payee} {total}", "¥2,200", "¥1,080", buttons=("By tax rate", "Private share")),
    worker.keeps("ways", "Divide {payee} {total}", "¥2,200"),
    worker.taps("By tax rate"),
    worker.sees("Draft", "2/2", "¥2,200", "¥1,080", "¥3,280", buttons=("Open", "Submit")),
    worker.taps("By tax rate", kept="ways"),
    worker.sees("Claim #{number} has changed since. Please use its newest card."),
    worker.taps("Open", on=("Draft", "2/2", "¥3,280")),
    worker.sees("1 / 2", OF_ONE, buttons=("Divide",), picture=True),
    worker.taps("Submit", on=("Draft", "2/2", "¥3,280")),
    supervisor.sees(worker.name, "2/2", "¥2,200", "¥1,080", "¥3,280", buttons=("Approve",)),
)

PRIVATE = dialogue(
    "A private share is not claimed; more than the receipt is refused, and it can be taken back",
    worker.sends(bill("マルシェこむぎ", 3300, 1620)),
    worker.sees("Draft", "マルシェこむぎ", "¥4,920", buttons=("Divide",)),
    worker.taps("Divide", on=("マルシェこむぎ", "¥4,920")),
    worker.taps("By tax rate", on=("Divide {payee} {total}", "¥3,300")),
    worker.sees("Draft", "2/2", "¥4,920"),
    worker.taps("Open", on=("Draft", "2/2", "¥4,920")),
    worker.sees("1 / 2", "¥3,300", buttons=("Divide",)),
    worker.taps("Divide", on=("1 / 2", "¥3,300")),
    worker.taps("Private share", on=("Divide {payee} {total}", OF_ONE)),
    worker.fills({"Amount": "9000"}, refused="It must be less than the whole amount."),
    worker.waits(),  # the question is left before it is asked anew
    worker.taps("Private share", on=("Divide {payee} {total}", OF_ONE)),
    worker.fills({"Amount": "300"}),
    worker.sees("Draft", "private {amount}", "¥300", "¥4,620"),
    worker.taps("Submit", on=("Draft", "¥4,620")),
    supervisor.sees(worker.name, "private {amount}", "¥300", "¥4,620", buttons=("Approve",)),
    supervisor.taps("Approve", on=("¥4,620",)),
    worker.sees("Approved by {who} ({when})", "¥4,620"),
)

_CUT = (
    worker.sends(receipt("ホームセンターかえで", 5500)),
    worker.sees("Draft", "ホームセンターかえで", "¥5,500", buttons=("Divide",)),
    worker.taps("Divide", on=("ホームセンターかえで", "¥5,500")),
    worker.taps("By amount", on=("Divide {payee} {total}", "¥5,500")),
)
_JOINED = (
    worker.sees("Draft", "2/2", "¥4,400", "¥1,100", "¥5,500", "花壇の手入れ"),
    worker.taps("Open", on=("Draft", "2/2", "¥5,500")),
    worker.taps("Divide", on=("1 / 2", "¥4,400")),
    worker.taps("Put together again", on=("Divide {payee} {total}", "¥4,400")),
    worker.sees("Draft", "ホームセンターかえで", "¥5,500", without=("¥4,400",), buttons=("Divide",)),
)

A_PART = dialogue(
    "A part gets a category and a purpose of its own, and the lines are put together again as they were",
    *_CUT,
    worker.fills({"Amount": "6000"}, refused="It must be less than the whole amount."),
    worker.taps("By amount", on=("Divide {payee} {total}", "¥5,500")),
    worker.fills({"Amount": "1100", "Purpose of this line": "花壇の手入れ"}),
    *_JOINED,
    on=("slack", "web"),
)

A_PART_BY_QUESTIONS = dialogue(
    "Where there are no forms the part is asked for question by question",
    *_CUT,
    worker.sees("Please send: {field}", "Amount"),
    worker.says("6000"),
    worker.sees("It must be less than the whole amount."),
    worker.says("1100"),
    worker.sees("Please send: {field}", "Category"),
    worker.says("消耗品費"),
    worker.sees("Please send: {field}", "Purpose of this line"),
    worker.says("花壇の手入れ"),
    *_JOINED,
    on=("line",),
)

DIALOGUES = (BY_RATE, PRIVATE, A_PART, A_PART_BY_QUESTIONS)
