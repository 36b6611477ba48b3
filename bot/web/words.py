"""What the page itself says, in the visitor's language. What the bot says is not here: cards come with their words."""

from __future__ import annotations

from handlers.texts import t


def words(locale: str, *, demo: bool) -> dict[str, str]:
    """Sentences of the page by name; those with braces are filled in the browser."""
    return {
        "title": t(locale, "Keihi: local chat"),
        "brand": t(locale, "expenses by chat"),
        "about": t(
            locale,
            "A fictional organisation on this computer alone: hand in left, approve in the middle, audit on the right.",
        )
        if demo
        else t(locale, "The local chat of this server."),
        "language": t(locale, "Language"),
        "theme": t(locale, "Light or dark"),
        "phones": t(locale, "Phones"),
        "noscript": t(locale, "The local chat needs JavaScript. Please switch it on in your browser."),
        "connecting": t(locale, "Connecting…"),
        "online": t(locale, "Here for you"),
        "reading": t(locale, "Reading…"),
        "thinking": t(locale, "One moment…"),
        "waiting": t(locale, "The connection is gone. Trying again…"),
        "ended": t(locale, "Please open the page again."),
        "offline": t(locale, "The server cannot be reached. Please try again."),
        "failed": t(locale, "That did not work. Please try again."),
        "slow": t(locale, "The form did not come. Please tap again."),
        "audit": t(locale, "Audit record"),
        "audit_holds": t(locale, "{count} verified"),
        "audit_broken": t(locale, "Broken at #{number}"),
        "talk_with": t(locale, "Conversation with Keihi"),
        "you_said": t(locale, "You:"),
        "bot_said": t(locale, "Keihi:"),
        "newer": t(locale, "New message"),
        "drop_here": t(locale, "Drop the receipt here"),
        "answers": t(locale, "Suggested answers"),
        "tray": t(locale, "Sample receipts"),
        "tray_hint": t(locale, "Tap or drag"),
        "album": t(locale, "All at once"),
        "album_hint": t(locale, "Send all samples together"),
        "commands": t(locale, "Commands"),
        "attach": t(locale, "Photo or file"),
        "camera": t(locale, "Camera"),
        "message": t(locale, "Message"),
        "send": t(locale, "Send"),
        "close": t(locale, "Close"),
        "opening": t(locale, "Opening…"),
        "picture": t(locale, "Picture"),
        "original": t(locale, "Open the original"),
        "enlarge": t(locale, "Enlarge"),
        "doubted": t(locale, "Please check"),
        "required": t(locale, "required"),
        "choose": t(locale, "Please choose"),
        "take_back": t(locale, "Take back"),
        "again": t(locale, "Send again"),
        "gone": t(locale, "Message taken back"),
        "file": t(locale, "File"),
        "photo": t(locale, "Photo"),
        "unread": t(locale, "{count} unread"),
    }


def part_words(locale: str, part: str) -> dict[str, str]:
    """How one phone introduces itself: ``part_name``, ``hint``, ``hello``, ``placeholder``."""
    match part:
        case "worker":
            return {
                "part_name": t(locale, "hands in"),
                "hint": t(locale, "Drop a receipt, then tap Submit."),
                "hello": t(locale, "Send a photo of a receipt.\nThe claim writes itself."),
                "placeholder": t(locale, "Message"),
            }
        case "supervisor":
            return {
                "part_name": t(locale, "approves"),
                "hint": t(locale, "When a card arrives, tap Approve."),
                "hello": t(locale, "Claims that wait for you appear here."),
                "placeholder": t(locale, "Message"),
            }
        case "administrator":
            return {
                "part_name": t(locale, "administers"),
                "hint": t(locale, "Commands, and the audit record live."),
                "hello": t(locale, "Every decision appears above, chained and checked.\nTry a command below."),
                "placeholder": t(locale, "/keihi help"),
            }
    raise ValueError(part)


COMMANDS = ("help", "status", "members", "whoami")
