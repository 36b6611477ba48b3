"""What was done to the audit chain behind our back is found, and named."""

from __future__ import annotations

import sqlalchemy as sa

from storage import audit
from storage.db import Database


def write(database: Database, town: str, count: int = 5) -> None:
    for number in range(count):
        with database.transaction(town) as session:
            audit.record(
                session, actor="m1", action="claim.approved", subject=f"claim:{number}", data={"number": number}
            )


def verdict(database: Database, town: str) -> tuple[int, audit.Break | None]:
    with database.snapshot(town) as session:
        return audit.verify(session)


def tamper(database: Database, statement: str, **values: object) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def test_an_untouched_chain_holds_and_each_organisation_has_its_own(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    write(database, towns[1], 2)
    assert verdict(database, towns[0]) == (5, None)
    assert verdict(database, towns[1]) == (2, None)


def test_a_changed_link_is_named(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    tamper(database, "UPDATE audit_event SET actor = 'm2' WHERE sequence = 3")
    assert verdict(database, towns[0]) == (2, audit.Break(3, "changed"))


def test_a_link_changed_together_with_its_hash_breaks_the_next(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    with database.snapshot(towns[0]) as session:
        third = next(link for link in audit.links(session) if link.sequence == 3)
    forged = audit.link_hash(towns[0], 3, third.at, "m2", third.action, third.subject, third.data, third.previous)
    tamper(database, "UPDATE audit_event SET actor = 'm2', hash = :hash WHERE sequence = 3", hash=forged)
    assert verdict(database, towns[0]) == (3, audit.Break(4, "unchained"))


def test_a_removed_link_is_missed(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    tamper(database, "DELETE FROM audit_event WHERE sequence = 2")
    assert verdict(database, towns[0]) == (1, audit.Break(2, "missing"))


def test_links_written_at_once_still_make_one_chain(database: Database, towns: tuple[str, str]) -> None:
    import threading

    threads = [threading.Thread(target=write, args=(database, towns[0], 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdict(database, towns[0]) == (40, None)
