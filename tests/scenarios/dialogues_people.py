"""Who may come in and how; what the bot says to words; what administrators type."""

from __future__ import annotations

from tests.scenarios.script import CHATS, EVERYWHERE, administrator, dialogue, newcomer, receipt, supervisor, worker

HELP = dialogue(
    "Words that mean nothing are answered with examples",
    worker.says("こんにちは、はじめまして"),
    worker.sees("Send me a photo of a receipt", "/keihi help"),
    on=CHATS,
)

STRANGER = dialogue(
    "Somebody unknown is told how to get in, and nothing is kept",
    newcomer.sends(receipt("喫茶ひかり", 810)),
    newcomer.sees("You are not registered yet."),
    newcomer.never_sees("¥810"),
    on=CHATS,
)

CODE = dialogue(
    "A code from the administrator lets a newcomer in, once",
    newcomer.says("はじめまして"),
    newcomer.sees("You are not registered yet."),
    administrator.commands("add 新人 {newcomer.email} manager={supervisor.email} department=企画課"),
    administrator.sees("{name} was added."),
    administrator.commands("link {newcomer.email}"),
    administrator.sees("Registration code for {name}: {code}"),
    administrator.notes("code", r"[A-Z2-9]{4}-[A-Z2-9]{4}"),
    newcomer.says("ABCD-EFGH"),
    newcomer.sees("This code is wrong or has expired. Please ask your administrator for a new one."),
    newcomer.says("{code}"),
    newcomer.sees("You are registered as {name}.", "新人"),
    newcomer.sends(receipt("喫茶ひかり", 820)),
    newcomer.taps("Submit", on=("¥820",)),
    supervisor.sees("¥820", "新人"),
    on=CHATS,
)

USED_CODE = dialogue(
    "A code that was used lets nobody else in",
    administrator.commands("link {worker.email}"),
    administrator.sees("Registration code for {name}: {code}"),
    administrator.notes("code", r"[A-Z2-9]{4}-[A-Z2-9]{4}"),
    worker.says("{code}"),
    worker.sees("You are registered as {name}."),
    newcomer.says("{code}"),
    newcomer.sees("This code is wrong or has expired. Please ask your administrator for a new one."),
    on=CHATS,
)

GUESSING = dialogue(
    "Guessing codes is stopped",
    *(newcomer.says(f"ABCD-EFG{c}") for c in "HJKMNPQ"),
    newcomer.sees("Too many tries. Please wait an hour, or ask your administrator for a new code."),
    on=("line",),
)

WAITING = dialogue(
    "What waited for a supervisor comes when they are let in",
    administrator.commands("add 新しい課長 {newcomer.email} manager={supervisor.email} roles=approver"),
    administrator.sees("{name} was added."),
    administrator.commands("add {worker} {worker.email} manager={newcomer.email}"),
    administrator.sees("{name} was changed."),
    worker.sends(receipt("喫茶ひかり", 830)),
    worker.taps("Submit", on=("¥830",)),
    worker.sees("Submitted as #{number}. {name} is not connected to the chat yet and gets it as soon as they are."),
    administrator.commands("link {newcomer.email}"),
    administrator.sees("Registration code for {name}: {code}"),
    administrator.notes("code", r"[A-Z2-9]{4}-[A-Z2-9]{4}"),
    newcomer.says("{code}"),
    newcomer.sees("¥830", worker.name, buttons=("Approve",)),
    newcomer.taps("Approve"),
    worker.sees("Approved by {who} ({when})", "新しい課長"),
    on=CHATS,
)

WHOAMI = dialogue(
    "whoami, members, status, help",
    worker.commands("whoami"),
    worker.sees(worker.name, "{worker.email}", supervisor.name),
    administrator.commands("status"),
    administrator.sees("Audit chain", "{count} links, all hold"),
    administrator.commands("members"),
    administrator.sees("{count} members"),
    administrator.commands("help"),
    administrator.sees("/keihi members", "/keihi add"),
    on=("slack", "line", "web"),
)

NOT_AN_ADMINISTRATOR = dialogue(
    "A worker may not do what administrators do",
    worker.commands("members"),
    worker.sees("Only people with the role “{role}” can use this command."),
    worker.commands("help"),
    worker.sees("/keihi whoami", without=("/keihi members",)),
    on=("slack", "line", "web"),
)

UNKNOWN_COMMAND = dialogue(
    "A command that does not exist",
    worker.commands("fly"),
    worker.sees("I do not know the command “{word}”. “/keihi help” lists all commands."),
    on=("slack", "web"),
)

REMOVED = dialogue(
    "Somebody who left is not served any more",
    worker.sends(receipt("喫茶ひかり", 850)),
    worker.sees("¥850"),
    administrator.commands("remove {worker.email}"),
    administrator.sees("{name} can no longer use the bot. Their claims and receipts are kept."),
    worker.taps("Submit", on=("¥850",)),
    worker.waits(),
    worker.says("もしもし"),
    worker.sees("You are not registered yet."),
    supervisor.never_sees("¥850"),
    on=CHATS,
)

ENGLISH = dialogue(
    "Somebody who reads English",
    worker.commands("language en"),
    worker.reads("en"),
    worker.sees("From now on I speak English."),
    worker.sends(receipt("Café Lumen", 1210)),
    worker.sees("Draft", "Payee", "¥1,210", buttons=("Submit", "Edit", "Delete")),
    worker.taps("Submit", on=("¥1,210",)),
    supervisor.sees("申請者", "¥1,210", buttons=("Approve",)),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})", supervisor.name),
    on=EVERYWHERE[:2],
)

TAKEN_BACK = dialogue(
    "A photo that is taken back leaves no draft",
    worker.sends(receipt("喫茶ひかり", 860)),
    worker.sees("¥860"),
    worker.keeps("draft", "¥860"),
    worker.does("unsend"),
    worker.waits(),
    worker.taps("Submit", kept="draft"),
    worker.sees("Claim #{number} was deleted."),
    supervisor.never_sees("¥860"),
    on=CHATS,
)

_LEAVING = (
    worker.sends(receipt("喫茶ひかり", 870)),
    worker.taps("Submit", on=("¥870",)),
    supervisor.sees("¥870", buttons=("Approve",)),
    supervisor.keeps("card", "¥870"),
    administrator.commands("remove {supervisor.email}"),
    administrator.sees(
        "{name} supervises {people} people and has {claims} claims to decide. "
        "Please name who takes over: /keihi remove {email} manager=E-MAIL",
        supervisor.name,
    ),
    administrator.commands("remove {supervisor.email} manager={administrator.email}"),
    administrator.sees(
        "{name} can no longer use the bot. Their claims and receipts are kept.",
        "{name} takes over {people} people and {claims} claims to decide.",
        supervisor.name,
        administrator.name,
    ),
    administrator.sees("¥870", worker.name, buttons=("Approve", "Send back", "Reject")),
)
_TAKEN_OVER = (
    administrator.taps("Approve", on=("¥870", worker.name)),
    worker.sees("Approved by {who} ({when})", administrator.name, "¥870"),
)

TAKEN_OVER = dialogue(
    "A supervisor leaves: the claims that wait go to the one who takes over",
    *_LEAVING,
    supervisor.taps("Approve", kept="card"),
    supervisor.waits(),
    supervisor.says("もしもし"),
    supervisor.sees("You are not registered yet."),
    worker.never_sees("Approved by {who} ({when})", supervisor.name),
    *_TAKEN_OVER,
    worker.sends(receipt("喫茶ひかり", 880)),
    worker.taps("Submit", on=("¥880",)),
    administrator.sees("¥880", worker.name, buttons=("Approve",)),
    on=CHATS,
)

COME_BACK = dialogue(
    "A supervisor leaves, and comes back to their people",
    *_LEAVING,
    *_TAKEN_OVER,
    administrator.commands("add {supervisor} {supervisor.email} manager={administrator.email} roles=approver"),
    administrator.sees("{name} was changed.", supervisor.name),
    administrator.commands("add {worker} {worker.email} manager={supervisor.email}"),
    administrator.sees("{name} was changed.", worker.name),
    administrator.commands("add {administrator} {administrator.email} manager={supervisor.email}"),
    administrator.sees("{name} was changed.", administrator.name),
    worker.sends(receipt("喫茶ひかり", 890)),
    worker.taps("Submit", on=("¥890",)),
    supervisor.sees("¥890", worker.name, buttons=("Approve",)),
    on=("web",),
)

PURPOSE = dialogue(
    "Words after a photo become its purpose when the person says so",
    worker.sends(receipt("喫茶ひかり", 9100)),
    worker.sees("Draft", "¥9,100"),
    worker.says("磐梯町との打合せ"),
    worker.sees("Is this the purpose of #{number}?", "磐梯町との打合せ", buttons=("Use as purpose",)),
    worker.never_sees("Send me a photo of a receipt"),
    worker.keeps("question", "Is this the purpose of #{number}?"),
    worker.taps("Use as purpose"),
    worker.sees("Draft", "¥9,100", "磐梯町との打合せ", buttons=("Submit",)),
    worker.taps("Submit", on=("Draft", "¥9,100")),
    supervisor.sees("¥9,100", "磐梯町との打合せ", buttons=("Approve",)),
    worker.taps("Use as purpose", kept="question"),
    worker.sees("Claim #{number} is already submitted and waits for approval."),
    on=("slack", "web"),
)

PURPOSE_AT_ONCE = dialogue(
    "Where a photo cannot carry words, the line that follows its card is the purpose",
    worker.sends(receipt("喫茶ひかり", 9200)),
    worker.sees("Draft", "¥9,200"),
    worker.says("磐梯町との打合せ"),
    worker.sees("Draft", "¥9,200", "磐梯町との打合せ", buttons=("Submit",)),
    worker.taps("Submit", on=("磐梯町との打合せ",)),
    supervisor.sees("¥9,200", "磐梯町との打合せ", buttons=("Approve",)),
    on=("line",),
)

DIALOGUES = (
    HELP,
    STRANGER,
    CODE,
    USED_CODE,
    GUESSING,
    WAITING,
    WHOAMI,
    NOT_AN_ADMINISTRATOR,
    UNKNOWN_COMMAND,
    REMOVED,
    ENGLISH,
    TAKEN_BACK,
    PURPOSE,
    PURPOSE_AT_ONCE,
    TAKEN_OVER,
    COME_BACK,
)
