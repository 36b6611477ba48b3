"""What was done to the audit chain behind our back is found, and named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from storage import audit
from storage.db import Database
from storage.migrations import config, migrate


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


def test_links_taken_off_the_end_are_missed(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    write(database, towns[1], 2)
    tamper(database, "DELETE FROM audit_event WHERE organization_id = :town AND sequence > 3", town=towns[0])
    assert verdict(database, towns[0]) == (3, audit.Break(4, "missing"))
    assert verdict(database, towns[1]) == (2, None)
    write(database, towns[0], 1)  # what follows does not cover it up
    assert verdict(database, towns[0]) == (3, audit.Break(4, "missing"))


def test_a_whole_chain_that_is_gone_is_missed(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    tamper(database, "DELETE FROM audit_event")
    assert verdict(database, towns[0]) == (0, audit.Break(1, "missing"))


def test_the_last_link_written_anew_with_its_hash_is_named(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0])
    with database.snapshot(towns[0]) as session:
        last = list(audit.links(session))[-1]
    forged = audit.link_hash(towns[0], 5, last.at, "m2", last.action, last.subject, last.data, last.previous)
    tamper(database, "UPDATE audit_event SET actor = 'm2', hash = :hash WHERE sequence = 5", hash=forged)
    assert verdict(database, towns[0]) == (4, audit.Break(5, "changed"))


def test_a_link_put_at_the_end_is_named(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0], 4)
    tamper(database, "UPDATE audit_head SET links = 3, hash = (SELECT hash FROM audit_event WHERE sequence = 3)")
    assert verdict(database, towns[0]) == (3, audit.Break(4, "unchained"))


def test_many_links_of_one_transaction_move_the_end(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0], 1)
    with database.transaction(towns[0]) as session, audit.many(session):
        for number in range(3):
            audit.record(session, actor="m1", action="claim.paid", subject=f"claim:{number}")
    tamper(database, "DELETE FROM audit_event WHERE sequence = 4")
    assert verdict(database, towns[0]) == (3, audit.Break(4, "missing"))


def test_an_act_that_is_undone_leaves_the_end_where_it_was(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0], 2)
    try:
        with database.transaction(towns[0]) as session:
            audit.record(session, actor="m1", action="claim.paid", subject="claim:1")
            raise KeyError
    except KeyError:
        pass
    assert verdict(database, towns[0]) == (2, None)


def test_a_chain_older_than_the_note_of_its_end_is_taken_over(database: Database, towns: tuple[str, str]) -> None:
    write(database, towns[0], 3)
    settings = config()
    settings.attributes["engine"] = database.engine
    command.downgrade(settings, "0007")
    migrate(database)
    assert (verdict(database, towns[0]), verdict(database, towns[1])) == ((3, None), (0, None))
    write(database, towns[1], 1)
    tamper(database, "DELETE FROM audit_event WHERE sequence = 3")
    assert verdict(database, towns[0]) == (2, audit.Break(3, "missing"))
