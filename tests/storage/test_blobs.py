"""A receipt's bytes come back as they went in, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storage.blobs import Blobs
from storage.errors import BlobMissing


def test_the_same_bytes_are_kept_once_under_their_own_name(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path.as_uri())
    first, second = blobs.put(b"receipt"), blobs.put(b"receipt")
    assert first == second == hashlib.sha256(b"receipt").hexdigest()
    assert blobs.get(first) == b"receipt"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_altered_bytes_are_not_handed_out(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path.as_uri())
    name = blobs.put(b"1,280 yen")
    (tmp_path / name[:2] / name).write_bytes(b"9,280 yen")
    with pytest.raises(BlobMissing):
        blobs.get(name)


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "G" * 64])
def test_what_is_not_there_is_missing_and_no_path_leads_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(BlobMissing):
        Blobs(tmp_path.as_uri()).get(name)


def test_a_folder_with_spaces_and_kanji_is_fine(tmp_path: Path) -> None:
    blobs = Blobs((tmp_path / "領収書 保管").as_uri())
    assert blobs.get(blobs.put(b"x")) == b"x"
