"""While claims wait: delegates, questions without a decision, several approved at once, reminders."""

from __future__ import annotations

from tests.scenarios.script import CHATS, administrator, dialogue, receipt, supervisor, worker

DELEGATE = dialogue(
    "A delegate decides while the supervisor is away, and it is recorded so",
    supervisor.commands("delegate {administrator.email} 今日から3日間"),
    supervisor.sees("{name} decides for {principal}: {days}", administrator.name),
    administrator.sees("{name} decides for {principal}: {days}", "Each decision is recorded as yours for {principal}."),
    worker.sends(receipt("まちの書店", 1210, registration="")),
    worker.taps("Submit", on=("¥1,210",)),
    supervisor.sees("¥1,210", buttons=("Approve",)),
    administrator.sees("¥1,210", "You decide for {name}.", buttons=("Approve",)),
    administrator.taps("Approve", on=("¥1,210", "You decide for {name}.")),
    worker.sees("Approved by {who} ({when})", "{delegate} for {name}", administrator.name, supervisor.name),
    supervisor.commands("delegate off"),
    supervisor.sees("{name} does not decide for {principal} any more."),
    administrator.sees("{name} does not decide for {principal} any more."),
)

WAITED_ALREADY = dialogue(
    "A delegate gets what waits already; afterwards the button says that the days are over",
    worker.sends(receipt("食堂やまびこ", 2350, registration="")),
    worker.taps("Submit", on=("¥2,350",)),
    supervisor.sees("¥2,350", buttons=("Approve",)),
    supervisor.commands("delegate {administrator.email} 今日から金曜まで"),
    administrator.sees("{name} decides for {principal}: {days}", "¥2,350", worker.name),
    administrator.taps("Open", on=("¥2,350",)),
    administrator.sees("¥2,350", "You decide for {name}.", buttons=("Approve",)),
    administrator.keeps("card", "¥2,350", "You decide for {name}."),
    supervisor.commands("delegate off"),
    administrator.sees("{name} does not decide for {principal} any more."),
    administrator.taps("Approve", kept="card"),
    administrator.sees("You decided for {name} until {day}, not any more."),
    worker.never_sees("Approved by {who} ({when})"),
    on=CHATS,
)

# The demo's three people have other claims waiting: there the claim comes to the delegate by itself.
DAYS_OVER = dialogue(
    "A delegate whose days are over decides nothing any more",
    supervisor.commands("delegate {administrator.email} 今日から3日間"),
    administrator.sees("{name} decides for {principal}: {days}"),
    worker.sends(receipt("食堂やまびこ", 2360, registration="")),
    worker.taps("Submit", on=("¥2,360",)),
    administrator.sees("¥2,360", "You decide for {name}.", buttons=("Approve",)),
    administrator.keeps("card", "¥2,360", "You decide for {name}."),
    supervisor.commands("delegate off"),
    administrator.sees("{name} does not decide for {principal} any more."),
    administrator.taps("Approve", kept="card"),
    administrator.sees("You decided for {name} until {day}, not any more."),
    worker.never_sees("Approved by {who} ({when})", "¥2,360"),
    on=("web",),
)

NO_DELEGATE = dialogue(
    "Who cannot be a delegate, and days that cannot be",
    supervisor.commands("delegate {supervisor.email} 12/1-12/7"),
    supervisor.sees("Nobody can be their own delegate."),
    supervisor.commands("delegate {administrator.email}"),
    supervisor.sees("Please say on which days, too: /keihi delegate E-MAIL 12/1-12/7"),
    supervisor.commands("delegate {administrator.email} いつか"),
    supervisor.sees("Please write the days like this: 12/1-12/7, or 2026-12-01..2026-12-07."),
    supervisor.commands("delegate {administrator.email} 2020-01-01..2020-01-07"),
    supervisor.sees("These days are over already."),
    worker.commands("delegate {administrator.email} 12/1-12/7 for={supervisor.email}"),
    worker.sees("Only people with the role “{role}” can do this for somebody else."),
)

QUESTION = dialogue(
    "A question is asked and answered, and nothing is decided by it",
    worker.sends(receipt("青果のみのり", 3470, registration="")),
    worker.taps("Submit", on=("¥3,470",)),
    supervisor.sees("¥3,470", buttons=("Approve", "Ask")),
    supervisor.taps("Ask", on=("¥3,470",)),
    supervisor.fills({"Question": "どなたと行きましたか"}),
    worker.sees("Question of {who} ({when}): {text}", supervisor.name, "どなたと行きましたか"),
    worker.taps("Answer", on=("どなたと行きましたか",)),
    worker.fills({"Answer": "磐梯町の二名です"}),
    supervisor.sees("Answer of {who} ({when}): {text}", worker.name, "磐梯町の二名です"),
    worker.never_sees("Approved by {who} ({when})", "¥3,470"),
)

COMMENT = dialogue(
    "Words are added to a claim that waits, by both sides; without a number or words it says how",
    worker.sends(receipt("印刷のあけぼの", 3580)),
    worker.notes("mine", r"#\d+ "),
    worker.taps("Submit", on=("¥3,580",)),
    supervisor.sees("¥3,580", buttons=("Approve",)),
    worker.commands("comment {mine}"),
    worker.sees("Please write the claim's number and your words: /keihi comment 12 The list is in the file"),
    worker.commands("comment 999999 名簿は別紙です"),
    worker.sees("There is no submitted claim #{number}."),
    worker.commands("comment {mine}名簿は別紙です"),
    worker.sees("Sent to {names}.", supervisor.name),
    supervisor.sees("Comment of {who} ({when}): {text}", worker.name, "名簿は別紙です"),
    supervisor.commands("comment {mine}確かめました"),
    worker.sees("Comment of {who} ({when}): {text}", supervisor.name, "確かめました"),
    supervisor.taps("Approve", on=("¥3,580",)),
    worker.sees("Approved by {who} ({when})", "¥3,580"),
)

TOGETHER = dialogue(
    "Two clean claims are listed, confirmed and approved by one tap; one with a finding stays out",
    worker.sends(receipt("三つ葉薬局", 640)),
    worker.taps("Edit", on=("¥640",)),
    worker.fills({"Purpose": "救急箱の補充"}),
    worker.taps("Submit", on=("救急箱の補充",)),
    worker.sends(receipt("はんこの一文字", 1870)),
    worker.taps("Edit", on=("¥1,870",)),
    worker.fills({"Purpose": "窓口の受付印"}),
    worker.taps("Submit", on=("窓口の受付印",)),
    worker.sends(receipt("はんこの一文字", 2530)),
    worker.sees("¥2,530", "The purpose is missing."),
    worker.taps("Submit", on=("¥2,530",)),
    supervisor.sees("¥2,530", "The purpose is missing.", buttons=("Approve",)),
    supervisor.commands("waiting"),
    supervisor.sees("Waiting for your decision", "¥640", "¥1,870", "¥2,530"),
    supervisor.taps("Approve the {count} clean ones"),
    supervisor.sees("Approve these {count} claims?", "¥640", "¥1,870", without=("¥2,530",)),
    worker.sees_nothing_yet("Approved by {who} ({when})", "¥640"),
    supervisor.keeps("confirm", "Approve these {count} claims?"),
    supervisor.taps("Approve these {count}"),
    supervisor.sees("{count} claims approved: {numbers}"),
    worker.sees("Approved by {who} ({when})", "¥640"),
    worker.sees("Approved by {who} ({when})", "¥1,870"),
    supervisor.taps("Approve these {count}", kept="confirm"),
    supervisor.sees("Nothing was approved.", "Already approved ({who}, {when})."),
    worker.never_sees("Approved by {who} ({when})", "¥2,530"),
)

REMINDERS = dialogue(
    "When people are reminded is an administrator's to say",
    administrator.commands("remind"),
    administrator.sees("Daily reminder", "9:00", "Quiet hours"),
    administrator.commands("remind hour=25"),
    administrator.sees(
        "I do not understand “{word}”. Possible: hour=9 (0-23 or off), days=3 (1-60 or off), quiet=19-8 (or off), "
        "reserve=50, settle=10 (1-60 or off)."
    ),
    administrator.commands("remind hour=20"),
    administrator.sees("{hour}:00 lies in the quiet hours, so nobody would be reminded."),
    worker.commands("remind hour=9"),
    worker.sees("Only people with the role “{role}” can use this command."),
)

DIALOGUES = (DELEGATE, WAITED_ALREADY, DAYS_OVER, NO_DELEGATE, QUESTION, COMMENT, TOGETHER, REMINDERS)
