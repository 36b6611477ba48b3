"""Takes all pictures of the documentation anew: ``python -m tests.tools.every_picture``.

Needs Chromium; takes about a quarter of an hour. Those made by hand are ``card-advance``, ``card-advances``,
``card-attendees``, ``card-foreign``, ``card-request`` and ``reading``. Fictional people, shops and figures.
"""

from __future__ import annotations

from tests.tools import card_pictures, claim_pictures, lane_pictures, line_pictures, pictures, trip_pictures
from tests.tools.camera import run


def main() -> int:
    albums = (*card_pictures.ALBUMS, *claim_pictures.ALBUMS, *trip_pictures.ALBUMS, *lane_pictures.ALBUMS)
    failed = pictures.main() or run(albums)
    if not failed:
        line_pictures.main(pictures.FOLDER / "line.png")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
