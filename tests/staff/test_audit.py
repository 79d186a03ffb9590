"""The trail is append-only, and a change in it shows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from staff.audit import broken_links, record
from staff.events import EventKind
from staff.models import AuditEntry, User

APPROVED = EventKind("application.approved", "Approved")

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create(username="a", name="A")


def written(person: User, chain: str = "order:1", **details: str) -> AuditEntry:
    with transaction.atomic():
        return record(chain=chain, event=APPROVED, subject=person, actor=person, details=details)


def test_it_works(person: User) -> None:
    first, second = written(person), written(person)
    assert (first.number, second.number) == (1, 2)
    assert second.previous_digest == first.digest
    assert list(broken_links("order:1")) == []


def test_chains_are_numbered_apart(person: User) -> None:
    written(person)
    assert written(person, "order:2").number == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_auditentry SET reason = 'x' WHERE number = 2",
        "UPDATE staff_auditentry SET actor_name = 'x' WHERE number = 2",
        "UPDATE staff_auditentry SET to_state = 'x' WHERE number = 2",
        "DELETE FROM staff_auditentry WHERE number = 2",
    ],
)
def test_a_change_in_the_database_shows(person: User, change: str) -> None:
    for _repetition in range(3):
        written(person)
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert next(broken_links("order:1")).number in (2, 3)


def test_nobody_changes_or_deletes_it(person: User) -> None:
    entry = written(person)
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(reason="x"),
    ):
        with pytest.raises(TypeError, match="append-only"):
            attempt()


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    person = User.objects.create(username="b", name="B")
    with pytest.raises(RuntimeError, match="transaction"):
        record(chain="order:1", event=EventKind("e", "e"), subject=person, actor=person)
