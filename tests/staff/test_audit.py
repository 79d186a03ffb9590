"""The trail is append-only, and a change in it shows."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from staff.audit import broken_links, record
from staff.events import EventKind
from staff.models import AuditEntry, User
from staff.roles import Role
from tests.institution import person

APPROVED = EventKind("application.approved", "Approved")

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    return person(Role.UNDERWRITER)


def written(actor: User, chain: str = "order:1", **details: str) -> AuditEntry:
    with transaction.atomic():
        return record(chain=chain, event=APPROVED, subject=actor, actor=actor, details=details)


def test_it_works(actor: User) -> None:
    first, second = written(actor), written(actor)
    assert (first.number, second.number) == (1, 2)
    assert second.previous_digest == first.digest
    assert list(broken_links("order:1")) == []


def test_chains_are_numbered_apart(actor: User) -> None:
    written(actor)
    assert written(actor, "order:2").number == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_auditentry SET reason = 'x' WHERE number = 2",
        "UPDATE staff_auditentry SET actor_name = 'x' WHERE number = 2",
        "UPDATE staff_auditentry SET to_state = 'x' WHERE number = 2",
        "DELETE FROM staff_auditentry WHERE number = 2",
    ],
)
def test_a_change_in_the_database_shows(actor: User, change: str) -> None:
    for _repetition in range(3):
        written(actor)
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert next(broken_links("order:1")).number in (2, 3)


def test_nobody_changes_or_deletes_it(actor: User) -> None:
    entry = written(actor)
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
    actor = User.objects.create(username="b", name="B")
    with pytest.raises(RuntimeError, match="transaction"):
        record(chain="order:1", event=EventKind("e", "e"), subject=actor, actor=actor)
