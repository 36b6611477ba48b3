"""The demo's tray: eight receipts of one working week, photographed with care, and one of them without."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.receipts.paper import Print
from bot.demo.receipts.photo import Scene
from bot.demo.receipts.render import Spec, render
from bot.demo.receipts.truth import Truth

TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Sample:
    """A picture for the tray and what it says."""

    key: str
    name_ja: str
    name_en: str
    description_ja: str
    description_en: str
    image: bytes
    media_type: str
    truth: Truth


@dataclass(frozen=True)
class Motif:
    """What a sample shows; `days_ago` from the demo's today."""

    key: str
    name_ja: str
    name_en: str
    description_ja: str
    description_en: str
    days_ago: int
    spec: Spec


MOTIFS: tuple[Motif, ...] = (
    Motif(
        "cafe",
        "喫茶店",
        "Café",
        "打合せのコーヒー",
        "Coffee at a meeting",
        2,
        Spec(
            221,
            "cafe",
            at=time(15, 12),
            scene=Scene(
                "oak",
                1600,
                fill=0.74,
                angle=-4,
                tilt=0.04,
                curl=0.02,
                light=140,
                shadow=0.62,
                wrinkle=0.25,
                warmth=0.035,
                leaves=True,
                props=(("cup", (0.90, 0.90), 0.40, 35),),
                grain=1.6,
                quality=90,
            ),
            print=Print(dots=False),
        ),
    ),
    Motif(
        "taxi",
        "タクシー",
        "Taxi",
        "駅から訪問先まで",
        "From the station to the client",
        4,
        Spec(
            206,
            "taxi",
            at=time(9, 42),
            scene=Scene(
                "walnut",
                1500,
                fill=0.76,
                angle=3.5,
                tilt=0.03,
                curl=0.028,
                light=120,
                shadow=0.7,
                wrinkle=0.3,
                warmth=0.02,
                props=(("pen", (0.06, 0.55), 0.62, 82),),
                grain=1.8,
                quality=90,
            ),
            print=Print(dots=True),
        ),
    ),
    Motif(
        "supermarket",
        "スーパー",
        "Supermarket",
        "8%と10%が混ざった買物",
        "Shopping with two tax rates",
        1,
        Spec(
            222,
            "supermarket",
            at=time(18, 27),
            scene=Scene(
                "ash",
                1800,
                fill=0.88,
                angle=-2,
                tilt=0.03,
                curl=0.02,
                light=60,
                shadow=0.55,
                crease=0.35,
                wrinkle=0.25,
                grain=1.6,
                quality=90,
            ),
            print=Print(dots=True),
        ),
    ),
    Motif(
        "hotel",
        "ホテル",
        "Hotel",
        "出張の宿泊",
        "A night on a business trip",
        4,
        Spec(
            217,
            "hotel",
            at=time(8, 15),
            scene=Scene(
                "linen",
                1700,
                fill=0.88,
                angle=2,
                tilt=0.04,
                curl=0.01,
                light=135,
                shadow=0.5,
                crease=0.35,
                wrinkle=0.12,
                leaves=True,
                props=(("pen", (0.80, 0.93), 0.55, 20),),
                warmth=0.02,
                grain=1.5,
                quality=90,
            ),
        ),
    ),
    Motif(
        "parking",
        "駐車場 (ぶれた写真)",
        "Car park (blurred photo)",
        "ぶれて暗い写真",
        "A dark and shaky photo",
        3,
        Spec(
            105,
            "parking",
            at=time(17, 50),
            scene=Scene(
                "slate",
                1400,
                fill=0.74,
                angle=-7,
                tilt=-0.06,
                curl=0.02,
                light=45,
                shadow=0.6,
                cast=0.5,
                vignette=0.7,
                exposure=0.72,
                warmth=0.06,
                motion=9,
                blur=2.6,
                grain=8,
                quality=70,
            ),
            print=Print(fade=0.3),
        ),
    ),
    Motif(
        "ryoshusho",
        "領収証",
        "Handwritten receipt",
        "手書きの宛名と但し書き",
        "Written by hand, with a seal",
        5,
        Spec(
            222,
            "handwritten",
            at=time(12, 0),
            scene=Scene(
                "mat",
                1700,
                aspect=0.66,
                fill=0.86,
                angle=-3,
                tilt=0.04,
                curl=0.008,
                light=120,
                shadow=0.6,
                wrinkle=0.15,
                props=(("pen", (0.76, 0.90), 0.42, 6),),
                grain=1.6,
                quality=90,
            ),
        ),
    ),
    Motif(
        "train",
        "鉄道",
        "Train",
        "乗車券と特急券",
        "Ticket and express surcharge",
        5,
        Spec(
            208,
            "train",
            at=time(8, 3),
            scene=Scene(
                "marble",
                1500,
                fill=0.74,
                angle=5,
                tilt=0.03,
                curl=0.022,
                light=150,
                shadow=0.6,
                wrinkle=0.2,
                grain=1.5,
                quality=90,
            ),
            print=Print(dots=False),
        ),
    ),
    Motif(
        "restaurant",
        "居酒屋",
        "Restaurant",
        "人数の入った会食",
        "A dinner with the number of persons",
        6,
        Spec(
            223,
            "restaurant",
            at=time(20, 46),
            scene=Scene(
                "walnut",
                1800,
                fill=0.86,
                angle=-3,
                tilt=0.05,
                curl=0.025,
                light=70,
                shadow=0.7,
                vignette=0.6,
                warmth=0.06,
                wrinkle=0.3,
                grain=2.4,
                quality=90,
            ),
            print=Print(dots=False),
        ),
    ),
)


def render_sample(motif: Motif, today: date) -> Sample:
    """One sample, dated `motif.days_ago` before `today`; half a second or so."""
    made = render(replace(motif.spec, on=today - timedelta(days=motif.days_ago)))
    return Sample(
        motif.key,
        motif.name_ja,
        motif.name_en,
        motif.description_ja,
        motif.description_en,
        made.image,
        made.media_type,
        made.truth,
    )


def sample_tray(today: date | None = None) -> tuple[Sample, ...]:
    """All of them, seen from `today` (Japan's today when not given). A few seconds: keep the result for the day."""
    day = today or datetime.now(TOKYO).date()
    return tuple(render_sample(motif, day) for motif in MOTIFS)
