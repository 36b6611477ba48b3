"""The same receipt twice: people read that there is another claim and never whose; the accountant sees both."""

from __future__ import annotations

from tests.fakes.plain_engine import paper
from tests.scenarios.days import DAY_BEFORE, TWO_BEFORE, printed
from tests.scenarios.script import Paper, administrator, dialogue, supervisor, worker


class Bill:
    """One bill on two sheets: the second is another picture of the same purchase."""

    def __init__(self) -> None:
        self.number = 0

    def first(self, number: int) -> bytes:
        self.number = number
        return self._sheet("請求明細")

    def again(self, _number: int) -> bytes:
        return self._sheet("お客様控え 再発行")

    def _sheet(self, head: str) -> bytes:
        slip = 100_003 + self.number * 78_787 % 900_000  # of two bills in a row hardly a digit is the same
        return paper(
            head, "割烹すずかけ", printed(DAY_BEFORE, " 19:05"), f"合計 ¥{20_000 + slip % 9_000:,}", f"伝票番号 {slip}"
        )


BILL = Bill()
SHEET, AGAIN = Paper(make=BILL.first), Paper(make=BILL.again)
SAME = "The same purchase is already in another claim: issuer, date and amount agree."

ANOTHERS = dialogue(
    "Somebody else's receipt: the same file is no draft, another photo wants a reason; the accountant sees both",
    supervisor.commands("delegate {administrator.email} 今日から3日間"),
    supervisor.sees("{name} decides for {principal}: {days}", administrator.name),
    supervisor.sends(SHEET),
    supervisor.notes("total", r"¥2\d,\d{3}"),
    supervisor.taps("Submit", on=("{total}",)),
    administrator.sees("{total}", supervisor.name, buttons=("Approve",)),
    worker.sends(SHEET),
    worker.sees("The same receipt is already in another claim.", without=(supervisor.name, "{total}")),
    worker.sends(AGAIN),
    worker.sees("{total}", SAME, "A reason is needed.", without=("Same receipt: #{number}, {name}",)),
    worker.taps("Submit", on=("{total}",)),
    worker.fills({"理由：同じ支払い": "二人で分けて払いました"}),
    supervisor.sees("{total}", SAME, "二人で分けて払いました", without=("Same receipt: #{number}, {name}",)),
    administrator.sees("{total}", "You decide for {name}.", "Same receipt: #{number}, {name}", supervisor.name),
    administrator.taps("Open #{number}", on=("You decide for {name}.", "{total}")),
    administrator.sees("{total}", "割烹すずかけ", supervisor.name, without=("You decide for {name}.",)),
    supervisor.commands("delegate off"),
    supervisor.sees("{name} does not decide for {principal} any more."),
    worker.never_sees("Approved by {who} ({when})", "{total}"),
)


class Ticket(Bill):
    """Another bill, so that each dialogue has its own."""

    def _sheet(self, head: str) -> bytes:
        slip = 100_003 + self.number * 56_891 % 900_000
        return paper(
            head, "料亭くれない", printed(TWO_BEFORE, " 18:05"), f"合計 ¥{30_000 + slip % 9_000:,}", f"伝票番号 {slip}"
        )


TICKET = Ticket()
FIRST, SECOND = Paper(make=TICKET.first), Paper(make=TICKET.again)
LISTED = "Suspected duplicates: {count}"

BOOKS = dialogue(
    "The accountant, who is on nobody's route, lists the suspicions and opens both sides; nobody else can",
    supervisor.sends(FIRST),
    supervisor.notes("total", r"¥3\d,\d{3}"),
    supervisor.sees("Draft", "{total}"),
    supervisor.notes("number", r"(?<=#)\d+(?= )"),
    worker.sends(FIRST),
    worker.sees("The same receipt is already in another claim."),
    worker.sends(SECOND),
    worker.sees("Draft", "{total}", SAME),
    worker.commands("duplicates"),
    worker.sees("Only people with the role “{role}” can use this command."),
    worker.commands("claim {number}"),
    worker.sees("There is no claim #{number} that you may see.", without=("料亭くれない", supervisor.name)),
    administrator.commands("重複"),
    administrator.sees(LISTED, "sent the same file on {when}; it became no draft", supervisor.name, worker.name),
    administrator.sees(LISTED, "The same purchase", "{total}", buttons=("Open #{number}",)),
    administrator.taps("Open #{number}", on=(LISTED, "{total}")),
    administrator.sees("Applicant", "{total}", "{when} {who}: drafted"),
    administrator.commands("申請 {number}"),
    administrator.sees(
        "Applicant", supervisor.name, "{total}", "{when} {who}: drafted", without=("A reason is needed.",)
    ),
    supervisor.never_sees("{total}", worker.name),
)

DIALOGUES = (ANOTHERS, BOOKS)
