"""The one seam between the product and every chat.

A platform (Slack, LINE, the local chat) turns what a person does into an :class:`Incoming` and hands it to
``handlers.inbox.accept``; what the product answers is a :class:`Card` or a :class:`Form`, which the platform draws.
Handlers never ask which platform they talk to; where platforms differ in what they *can* do, a flag of
:class:`Capabilities` decides.

Everything here is plain frozen data without behaviour of its own, so that it can be stored as JSON (inbox, outbox)
and come back equal. Times are UTC. Texts are already in the person's language and are *data*: a platform escapes
them for its own markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from pydantic import TypeAdapter

# --- who and where ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """Where one person is met.

    ``platform`` is the name in the registry (``slack``, ``line``, ``web``); ``tenant`` the workspace or channel
    that the platform knows us in (Slack team id, LINE bot user id, organisation id for the local chat); ``user`` the
    person's id there. ``channel`` is empty for the direct conversation with the bot; ``thread`` is set when the person
    spoke in a thread. ``group`` is true where other people read along.
    """

    platform: str
    tenant: str
    user: str
    channel: str = ""
    thread: str = ""
    group: bool = False


@dataclass(frozen=True)
class Reply:
    """A way to answer this very act that ends soon (LINE reply token, Slack response_url). Free where pushes cost."""

    handle: str
    expires_at: datetime


@dataclass(frozen=True)
class Profile:
    """What a platform knows of a person. ``standing`` tells whether they may be linked to a member at all.

    ``left``: the account was closed; ``gone``: the platform knows, or tells us, nobody of this id.
    """

    name: str = ""
    email: str = ""
    locale: str = ""
    standing: Literal["member", "guest", "bot", "stranger", "left", "gone"] = "member"


# --- what a person did ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Album:
    """Photos sent together. ``total`` and ``index`` (from 1) are missing where the platform does not say them."""

    id: str
    index: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class FileRef:
    """A file that still waits on the platform; ``message`` identifies the post for a later unsend."""

    id: str
    name: str = ""
    media_type: str = ""
    size: int | None = None
    message: str = ""


@dataclass(frozen=True)
class Said:
    """A message: text, files, or both. ``album`` is set when further messages belong to the same album."""

    text: str = ""
    files: tuple[FileRef, ...] = ()
    album: Album | None = None
    kind: Literal["said"] = "said"


@dataclass(frozen=True)
class Tapped:
    """A button or choice. ``token`` is a signed action of ours; ``value`` what a picker returned (``YYYY-MM-DD``).

    ``form`` is the handle of a form that the platform has already opened with a loading view, to be filled by
    :meth:`Platform.open_form`.
    """

    token: str
    value: str = ""
    form: str = ""
    kind: Literal["tapped"] = "tapped"


@dataclass(frozen=True)
class FormSent:
    """A form that passed ``handlers.forms.check``. ``values`` pairs each input's name with its text (dates ISO)."""

    token: str
    values: tuple[tuple[str, str], ...] = ()
    kind: Literal["form_sent"] = "form_sent"


@dataclass(frozen=True)
class Commanded:
    """A slash command without its slash word: ``members``, ``add 田中 …``. Mentions are written ``<@USER>``."""

    text: str = ""
    kind: Literal["commanded"] = "commanded"


@dataclass(frozen=True)
class Arrived:
    """The person opened the conversation for the first time (LINE follow, Slack first message tab)."""

    kind: Literal["arrived"] = "arrived"


@dataclass(frozen=True)
class Left:
    """The person blocked the bot (``user`` set) or the whole workspace removed the app (``user`` empty)."""

    kind: Literal["left"] = "left"


@dataclass(frozen=True)
class Unsent:
    """The person took a message back. May arrive before the message itself."""

    message: str
    kind: Literal["unsent"] = "unsent"


@dataclass(frozen=True)
class Linked:
    """The platform's own account link came back with our one-use nonce."""

    nonce: str
    ok: bool = True
    kind: Literal["linked"] = "linked"


Act = Said | Tapped | FormSent | Commanded | Arrived | Left | Unsent | Linked


@dataclass(frozen=True)
class Incoming:
    """One act of one person. ``event_id`` is unique per platform and the same in every redelivery.

    ``unless`` is the event id under which the platform may tell the same act more fully: when that comes within
    moments, this one is not answered.
    """

    event_id: str
    at: datetime
    sender: Address
    act: Act
    reply: Reply | None = None
    unless: str = ""


# --- what the product shows -------------------------------------------------------------------------------------------

Tone = Literal["plain", "good", "doubt", "bad"]


@dataclass(frozen=True)
class Picture:
    """A picture from the blob store, by SHA-256 of a JPEG preview. ``alt`` describes it for those who cannot see it."""

    sha256: str
    alt: str


@dataclass(frozen=True)
class Field:
    """A labelled value. ``doubted``: the reader asks the person to check it (drawn with ⚠ and a colour)."""

    label: str
    value: str
    doubted: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Note:
    """A sentence on a card: a finding, a warning, a line of history."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Button:
    """A button. ``token`` is what comes back in :class:`Tapped`; a ``url`` opens a page instead.

    ``opens_form``: the tap will be answered with a form; a platform with forms opens a loading view at once.
    """

    label: str
    token: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    url: str = ""
    opens_form: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a list card: an album's receipt, a waiting claim, a member."""

    title: str
    detail: str = ""
    value: str = ""
    doubted: bool = False
    button: Button | None = None


@dataclass(frozen=True)
class Choice:
    """A suggested answer shown until the next message. ``token`` → Tapped, else ``text`` is said."""

    label: str
    token: str = ""
    text: str = ""
    picker: Literal["", "date"] = ""
    initial: str = ""


@dataclass(frozen=True)
class Card:
    """One screen. ``title`` alone is a plain sentence; everything else is optional.

    ``private``: for the addressee's eyes alone, even in a group (Slack: ephemeral). ``tone`` colours the head.
    ``summary`` is the one-line text for notifications and screen readers (``title`` when empty).
    """

    title: str
    tone: Tone = "plain"
    lead: str = ""
    picture: Picture | None = None
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()
    buttons: tuple[Button, ...] = ()
    choices: tuple[Choice, ...] = ()
    footer: str = ""
    private: bool = False
    summary: str = ""


@dataclass(frozen=True)
class Input:
    """One question of a form. ``value`` pre-fills it (dates ISO).

    ``options`` are (value, label) pairs for a choice; for a text they are suggestions, where there is room for them.
    """

    name: str
    label: str
    kind: Literal["text", "long_text", "amount", "date", "choice"] = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str = ""
    max_length: int = 200


@dataclass(frozen=True)
class Form:
    """Questions answered together: a modal in Slack, a form in the local chat, a short dialogue elsewhere."""

    token: str
    title: str
    submit: str
    inputs: tuple[Input, ...]


# --- what a platform does ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do; dialogues branch on these and never on a platform's name.

    ``can_edit``: a sent card can be replaced. ``has_forms``: forms exist. ``counts_pushes``: a message without a
    reply handle costs money or quota. ``has_private``: a card can be shown to one person inside a group.
    ``has_captions``: a text can go along with a photo; elsewhere it comes as a message before or after.
    """

    can_edit: bool
    has_forms: bool
    counts_pushes: bool
    has_private: bool
    has_captions: bool = True


@runtime_checkable
class Platform(Protocol):
    """A chat. Registered once in ``bot/wiring.py``; called only from jobs, so every method may block.

    Every method may raise :class:`handlers.errors.PlatformBusy` (try again, after ``retry_after`` seconds if given) and
    :class:`handlers.errors.PlatformRefused` (never try again; ``code`` says why). No method decides anything: who may
    do what is checked by the handlers.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        """Show ``card`` once and return the platform's reference for it (for :meth:`update`; may be empty).

        ``key`` is a UUID that was stored before this call and is the same in every retry. ``interrupted`` is true when
        an earlier try with this key may have succeeded without our learning of it: the platform then finds out
        (retry key, history) instead of sending again.
        """
        ...

    def update(self, to: Address, reference: str, card: Card) -> None:
        """Replace the card sent as ``reference``. Only called where ``can_edit``; replacing twice is harmless."""
        ...

    def open_form(self, to: Address, handle: str, form: Form) -> None:
        """Fill the form view opened for ``handle`` (see :class:`Tapped`). Only called where ``has_forms``."""
        ...

    def working(self, to: Address) -> None:
        """Show that we work on it (LINE's loading animation). Best effort: never raises for a mere refusal."""
        ...

    def fetch(self, sender: Address, file: FileRef, *, limit: int) -> bytes:
        """The file's bytes, at most ``limit``; raises ``FileTooLarge`` or ``FileGone`` (unsent, not shared)."""
        ...

    def profile(self, of: Address) -> Profile:
        """What the platform knows of the person; ``standing`` is ``gone`` when it knows nobody of this id."""
        ...

    def directory(self, tenant: str) -> tuple[tuple[Address, Profile], ...]:
        """Everybody of a workspace, to link members by e-mail before they first speak; empty where there is no list."""
        ...

    def facts(self, tenant: str) -> tuple[tuple[str, str], ...]:
        """(label, value) pairs for the administrator's status, such as the push quota that is left."""
        ...

    def pushes_left(self, tenant: str) -> int | None:
        """Messages that may still be pushed this month; None where nobody counts them."""
        ...

    def link_url(self, to: Address) -> str:
        """Our page on which a person links this account with a code, or empty where there is no account link."""
        ...


INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
ADDRESS: TypeAdapter[Address] = TypeAdapter(Address)
CARD: TypeAdapter[Card] = TypeAdapter(Card)
FORM: TypeAdapter[Form] = TypeAdapter(Form)


def iso(day: date) -> str:
    """A date as forms and pickers write it."""
    return day.isoformat()
