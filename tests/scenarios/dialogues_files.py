"""What people send besides a clean photo: each gets one sentence that says what it is and what to do."""

from __future__ import annotations

from tests.fakes.files import cut_off, heavy, locked_pdf, vast, wall
from tests.fakes.plain_engine import CRASHES, paper
from tests.scenarios.days import DAY, TWO_BEFORE, printed, shown
from tests.scenarios.script import CHATS, Paper, colleague, dialogue, receipt, supervisor, worker

TOO_LARGE = "This file is too large (limit {megabytes} MB, {megapixels} million pixels). Please send a smaller one."

PDF = dialogue(
    "A PDF",
    worker.sends(receipt("旅館みずうみ", 9100, form="PDF")),
    worker.sees("旅館みずうみ", "¥9,100", "Draft", picture=True),
    worker.taps("Submit", on=("¥9,100",)),
    supervisor.sees("旅館みずうみ", "¥9,100", picture=True),
)

HEIC = dialogue(
    "A HEIC photo, as phones take it",
    worker.sends(receipt("喫茶のぞみ", 920, form="HEIF")),
    worker.sees("喫茶のぞみ", "¥920", "Draft", picture=True),
    worker.taps("Submit", on=("¥920",)),
    supervisor.sees("喫茶のぞみ", "¥920", picture=True),
)

MANY_PAGES = dialogue(
    "A PDF of many pages: the first are read, and it says so",
    worker.sends(receipt("旅館みずうみ", 9300, form="PDF", pages=9)),
    worker.sees("旅館みずうみ", "¥9,300", "Only the first pages of this file were read."),
)

ANIMATION = dialogue(
    "An animated picture: the first frame is read, and it says so",
    worker.sends(receipt("喫茶のぞみ", 940, form="GIF", pages=3)),
    worker.sees("喫茶のぞみ", "¥940", "Only the first picture of this animation was read."),
    on=("slack", "web"),
)

NOT_AN_IMAGE = dialogue(
    "A text file",
    worker.sends(Paper(make=lambda n: f"議事録 {n}".encode(), name="memo.txt", media_type="text/plain")),
    worker.sees(
        "This file is not a photo or PDF that can be read. Please send JPEG, PNG, HEIC, WebP, TIFF or PDF.", times=1
    ),
)

DAMAGED = dialogue(
    "A photo that arrived in part",
    worker.sends(
        Paper(make=lambda n: cut_off(paper(f"喫茶ひかり {n}", form="JPEG")), name="half.jpg", media_type="image/jpeg")
    ),
    worker.sees("This file is damaged or incomplete. Please take the photo again and send it once more."),
)

LOCKED = dialogue(
    "A PDF with a password",
    worker.sends(Paper(make=locked_pdf, name="locked.pdf", media_type="application/pdf")),
    worker.sees("This PDF is locked with a password. Please send it without the password, or send a photo."),
)

HEAVY = dialogue(
    "A file over the limit in bytes",
    worker.sends(Paper(make=heavy, name="heavy.jpg", media_type="image/jpeg")),
    worker.sees(TOO_LARGE),
)

VAST = dialogue(
    "A picture over the limit in pixels",
    worker.sends(Paper(make=vast, name="vast.png", media_type="image/png")),
    worker.sees(TOO_LARGE),
    on=CHATS,
)

CRASH = dialogue(
    "A photo at which reading crashes, twice; the next one is read",
    worker.sends(Paper((CRASHES, "合計 ¥880"))),
    worker.sees(
        "The receipt could not be read just now. You can send it again, or enter it by hand.",
        buttons=("Enter by hand",),
    ),
    worker.sends(receipt("喫茶みなと", 880)),
    worker.sees("喫茶みなと", "¥880", "Draft"),
)

BEYOND_THE_EDGE = dialogue(
    "A receipt that goes on beyond the photo: the card says what to do",
    worker.sends(Paper(("喫茶みなと", printed(DAY, ""), "合計 ¥890", "毎度ありがとうございます" * 6))),
    worker.sees(
        "¥890",
        "The receipt may be cut off at the edge. Please take it again with all four edges in the picture.",
        buttons=("Submit",),
    ),
)

NO_RECEIPT = dialogue(
    "A photo of something else becomes a draft that says so",
    worker.sends(Paper(("お知らせ", "来週の会議は休みです", "総務課より"))),
    worker.sees(
        "This does not look like a receipt. Please check it, or delete the draft.", buttons=("Submit", "Edit", "Delete")
    ),
)

# Typed figures of one household are not those of another: they would be taken for the same payment.
NO_TEXT = tuple(
    dialogue(
        "A photo without a receipt, then entered by hand",
        worker.sends(Paper(make=wall, name="wall.jpg", media_type="image/jpeg")),
        worker.sees("No text was found in this photo. Please take it again, nearer and in brighter light."),
        worker.taps("Enter by hand"),
        worker.taps("Edit"),
        worker.fills({"Payee": payee, "Date": f"{TWO_BEFORE}", "Total": str(total)}),
        worker.taps("Submit", on=(payee, f"¥{total:,}")),
        supervisor.sees(payee, f"¥{total:,}", shown(TWO_BEFORE)),
        on=(place,),
    )
    for place, payee, total in (
        ("slack", "屋台はなび", 450),
        ("line", "朝市ゆうなぎ", 1270),
        ("web", "茶屋みどり", 3980),
    )
)

_twice = receipt("まちの書店", 2420)
DUPLICATE = dialogue(
    "The same file again points to the first",
    worker.sends(_twice),
    worker.sees("まちの書店", "¥2,420", buttons=("Submit",)),
    worker.sends(_twice),
    worker.sees("You sent this receipt before: it is claim #{number} ({when})."),
    worker.sees("まちの書店", "Draft", buttons=("Submit",), times=1),
)

_shared = receipt("まちの書店", 2530)
_refused = receipt("旅館みずうみ", 12100)
REJECTED_AGAIN = dialogue(
    "A receipt that was rejected is sent again: the new draft says so",
    worker.sends(_refused),
    worker.taps("Submit", on=("¥12,100",)),
    supervisor.taps("Reject", on=("¥12,100",)),
    supervisor.fills({"Reason": "出張の承認がまだです"}),
    worker.sees("Rejected by {who} ({when}): {reason}", "出張の承認がまだです"),
    worker.sends(_refused),
    worker.sees(
        "Draft",
        "¥12,100",
        "The same receipt was in #{number}, rejected by {who} ({when}): {reason}",
        supervisor.name,
        "出張の承認がまだです",
        buttons=("Submit", "Delete"),
    ),
    worker.taps("Submit", on=("Draft", "出張の承認がまだです")),
    supervisor.sees(
        "¥12,100",
        "The same receipt was in #{number} of {applicant}, rejected by {who} ({when}): {reason}",
        buttons=("Approve",),
    ),
)

OTHERS_DUPLICATE = dialogue(
    "A colleague's copy of the same receipt is refused without saying whose it is",
    worker.sends(_shared),
    worker.sees("¥2,530"),
    colleague.sends(_shared),
    colleague.sees("The same receipt is already in another claim.", without=("¥2,530", worker.name)),
    colleague.never_sees("Draft"),
    on=CHATS,
)

DIALOGUES = (
    PDF,
    HEIC,
    MANY_PAGES,
    ANIMATION,
    NOT_AN_IMAGE,
    DAMAGED,
    LOCKED,
    HEAVY,
    VAST,
    CRASH,
    BEYOND_THE_EDGE,
    NO_RECEIPT,
    *NO_TEXT,
    DUPLICATE,
    REJECTED_AGAIN,
    OTHERS_DUPLICATE,
)
