"""A receipt from a number: the same seed gives the same picture and the same truth."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import numpy as np

from bot.demo.receipts.layouts import LAYOUTS
from bot.demo.receipts.paper import Print, sheet
from bot.demo.receipts.photo import Scene, encode, photograph
from bot.demo.receipts.surfaces import SURFACES
from bot.demo.receipts.truth import Truth

NEWEST = date(2026, 11, 20)
"""Receipts without a given day are dated in the two years before this one, so that a seed stays what it is."""


@dataclass(frozen=True)
class Spec:
    """What is wanted; what is None is drawn from the seed.

    `on` is the day printed, `at` the time. `scene` and `print` replace the drawn photograph and printer as a whole.
    """

    seed: int
    layout: str | None = None
    on: date | None = None
    at: time | None = None
    scene: Scene | None = None
    print: Print | None = None


@dataclass(frozen=True)
class Rendered:
    image: bytes
    media_type: str
    truth: Truth
    spec: Spec
    """With everything that was drawn filled in: rendering it again gives the same bytes."""


def drawn(wanted: int | Spec) -> Spec:
    """The spec with everything that was left open drawn from its seed."""
    spec = wanted if isinstance(wanted, Spec) else Spec(wanted)
    rng = Random(f"keihi receipt {spec.seed}")
    # Everything is drawn, wanted or not, so that a wish for one thing leaves the others as they were.
    layout = rng.choice(tuple(LAYOUTS))
    on = NEWEST - timedelta(days=rng.randrange(730))
    at = time(rng.randint(8, 21), rng.randrange(60), rng.randrange(60))
    how, scene = _printer(rng), _scene(rng)
    return Spec(spec.seed, spec.layout or layout, spec.on or on, spec.at or at, spec.scene or scene, spec.print or how)


def render(wanted: int | Spec) -> Rendered:
    """Render a receipt. Raises KeyError for a layout that does not exist."""
    spec = drawn(wanted)
    assert spec.layout and spec.on and spec.at and spec.scene and spec.print  # noqa: PT018  (drawn fills them all)
    printed = LAYOUTS[spec.layout](Random(f"keihi {spec.layout} {spec.seed}"), datetime.combine(spec.on, spec.at))
    grains = np.random.default_rng(spec.seed)
    picture = photograph(sheet(printed, spec.print, grains), spec.scene, grains)
    image, media_type = encode(picture, spec.scene)
    return Rendered(image, media_type, printed.truth, spec)


def _printer(rng: Random) -> Print:
    return Print(
        fade=rng.uniform(0.15, 0.6) if rng.random() < 0.25 else 0.0,
        dots=rng.random() < 0.4,
        streak=rng.random() < 0.05,
    )


def _scene(rng: Random) -> Scene:
    """Mostly a decent telephone photo, now and then a bad one, now and then a scan."""
    if rng.random() < 0.15:
        return Scene(
            surface="white",
            long_side=rng.choice((1400, 1800)),
            fill=0.97,
            angle=rng.uniform(-1, 1),
            shadow=0.15,
            vignette=0.0,
            grain=1.0,
            quality=rng.choice((80, 92)),
            png=rng.random() < 0.3,
        )
    return Scene(
        surface=rng.choice(tuple(SURFACES)),
        long_side=rng.choice((1400, 1600, 1800, 2000)),
        aspect=rng.choice((0.75, 0.75, 0.5625)),
        fill=rng.uniform(0.84, 0.96),
        angle=rng.gauss(0, 2.5),
        tilt=rng.uniform(-0.06, 0.06),
        curl=rng.choice((0.0, rng.uniform(0, 0.035))),
        light=rng.uniform(0, 360),
        shadow=rng.uniform(0.35, 0.75),
        crease=rng.uniform(0.3, 0.9) if rng.random() < 0.25 else 0.0,
        wrinkle=rng.uniform(0.2, 0.9) if rng.random() < 0.4 else 0.0,
        vignette=rng.uniform(0.1, 0.5),
        cast=rng.uniform(0.2, 0.7) if rng.random() < 0.25 else 0.0,
        warmth=rng.uniform(-0.05, 0.07),
        exposure=rng.uniform(0.85, 1.05),
        blur=rng.uniform(0.4, 1.0) if rng.random() < 0.3 else 0.0,
        grain=rng.uniform(1, 6),
        quality=rng.choice((60, 72, 80, 88, 92)),
    )
