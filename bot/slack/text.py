"""Text into and out of Slack's mrkdwn.

Out: whatever a person or a receipt wrote must show as itself: no mention that rings, no link, no emphasis, no emoji
code. In: what Slack encoded (entities, links, mentions) becomes plain text again.

Source: docs.slack.dev/messaging/formatting-message-text (escaping, mentions, emphasis).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
# Emphasis needs a pair of marks; a look-alike cannot pair. A zero-width character would not do: Slack treats it as a
# word boundary, which makes emphasis work where it otherwise would not.
_LOOKALIKES = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}
_EMOJI_CODE = re.compile(r":(?=[a-z0-9_+'-]*[a-z])([a-z0-9_+'-]+):")
_ENCODED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_USER = re.compile(r"@([UW][A-Z0-9]+)")


def clean(text: str) -> str:
    """Without what JSON or Slack cannot carry: control characters (but line ends) and lone surrogates."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def cut(text: str, most: int) -> str:
    """At most ``most`` characters, an ellipsis showing that something is missing."""
    return text if len(text) <= most else text[: max(0, most - 1)].rstrip() + ELLIPSIS


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def literal(text: str, most: int = 3000) -> str:
    """``text`` as mrkdwn that shows exactly itself, at most ``most`` characters *after* escaping."""
    return _fit(clean(text), most, _neutral)


def _neutral(text: str) -> str:
    for mark, other in _LOOKALIKES.items():
        if text.count(mark) > 1:
            text = text.replace(mark, other)
    text = _EMOJI_CODE.sub(r"∶\1∶", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fit(text: str, most: int, written: Callable[[str], str]) -> str:
    shown = written(text)
    keep = min(len(text), most)
    while len(shown) > most:
        keep -= max(1, (len(shown) - most) // 5)  # one character becomes at most five (&amp;)
        shown = written(cut(text, keep))
    return shown


def plain(text: str, *, bot_user: str = "") -> str:
    """What the person typed, from what Slack encoded. Mentions stay ``<@USER>``, the bot's own is dropped."""

    def decoded(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if user := _USER.fullmatch(target):
            return "" if user[1] == bot_user else f"<@{user[1]}>"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    text = _ENCODED.sub(decoded, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def mentions(text: str, user: str) -> bool:
    """Whether Slack's text names this user."""
    return bool(user) and re.search(rf"<@{re.escape(user)}(\|[^<>]*)?>", text) is not None
