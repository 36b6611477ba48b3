"""``post``: the posts that routes name, who holds them, and what is above them."""

from __future__ import annotations

from handlers import people
from handlers.approvals import posts
from handlers.chat import Card, Note, Row
from handlers.commands.base import Command, Gathered
from handlers.commands.members import member_named, profiles
from handlers.errors import Refusal
from handlers.turn import Turn
from storage.models import Post

KEYS = {
    "department": "department",
    "部署": "department",
    "所属": "department",
    "holder": "holder",
    "在任": "holder",
    "担当": "holder",
    "above": "above",
    "上位": "above",
}
VACANT = ("vacant", "空席", "欠員")
EXAMPLE = "For example: /keihi post 課長 department=総務課 holder=E-MAIL above=部長"


def _post(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if not words:
        _list(turn)
        return
    if words[0].lower() in ("remove", "削除"):
        _remove(turn, words[1:])
        return
    title, options = _sort(words)
    department = options.get("department", "")
    holder, vacant = None, options.get("holder", "").lower() in VACANT
    if "holder" in options and not vacant:
        holder = member_named(turn, options["holder"], gathered)
    above = _above(turn, options["above"], department) if "above" in options else None
    post, new = posts.save(turn.session, title, department, by=turn.member, holder=holder, vacant=vacant, above=above)
    if holder is not None:
        people.lead(turn.session, holder, by=turn.member.id)
    done = turn.t("The post {post} was added." if new else "The post {post} was changed.", post=post.title)
    turn.tell(Card(title=done, tone="good", lead=_detail(turn, post), notes=_waiting_note(turn, new), private=True))


def _waiting_note(turn: Turn, new: bool) -> tuple[Note, ...]:
    return () if new else (Note(turn.t("Claims that wait already stay with whom they were put before.")),)


def _list(turn: Turn) -> None:
    rows = tuple(Row(title=post.title, detail=_detail(turn, post)) for post in posts.everybody(turn.session))
    how = Note(turn.t(EXAMPLE))
    turn.tell(Card(title=turn.t("Posts"), rows=rows, notes=() if rows else (how,), private=True))


def _remove(turn: Turn, words: list[str]) -> None:
    title, options = _sort(words)
    department = options.get("department", "")
    post = posts.find(turn.session, title, department)
    if post is None or post.department != department:
        raise _none(title, department)
    posts.remove(turn.session, post, by=turn.member)
    turn.tell(turn.t("The post {post} was removed.", post=title), tone="good")


def _detail(turn: Turn, post: Post) -> str:
    holder = post.member.name if post.member is not None and post.member.active else turn.t("vacant")
    above = turn.t("Above: {post}", post=_named(post.above)) if post.above is not None else ""
    return " · ".join(part for part in (post.department or turn.t("Whole organisation"), holder, above) if part)


def _named(post: Post) -> str:
    return f"{post.title} ({post.department})" if post.department else post.title


def _above(turn: Turn, word: str, department: str) -> Post:
    """``部長`` of the same department or of the whole, or ``部長(総務部)``."""
    title, _, place = word.removesuffix(")").partition("(")
    found = posts.find(turn.session, title.strip(), place.strip() or department)
    if found is None:
        every = [post for post in posts.everybody(turn.session) if post.title == title.strip() and not place]
        if len(every) != 1:
            raise _none(title.strip(), place.strip() or department)
        found = every[0]
    return found


def _none(title: str, department: str) -> Refusal:
    text = "There is no post “{post}” in “{department}”. “/keihi post” lists all."
    return Refusal(text, post=title, department=department or "—")


def _sort(words: list[str]) -> tuple[str, dict[str, str]]:
    titles, options = [], {}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator:
            titles.append(word)
        elif key.lower() in KEYS and value.strip():
            options[KEYS[key.lower()]] = value.strip()
        else:
            raise Refusal("I do not understand “{word}”. Possible: department=, holder=, above=.", word=word[:40])
    title = " ".join(titles)
    if not title or any(mark in title for mark in "/:|&>()@"):
        raise Refusal(EXAMPLE)
    return title[:60], options


COMMANDS = (
    Command(
        "post",
        ("役職", "役職一覧"),
        "post [TITLE department=… holder=E-MAIL|vacant above=TITLE]",
        "Posts that routes name, and who holds them.",
        _post,
        role="admin",
        gather=profiles,
    ),
)
