"""Personal data is unreadable in the database, and found by its exact value."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from guarantees.models import Application
from protocol.fields import blind_indexes
from protocol.models import Message
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.django_db
SECRETS = ("legalName", "legalIdNo", "contacts", "contactsWay", "contractCerNo")


def stored(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 (a table of ours)
        return " ".join(
            bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
            for row in cursor.fetchall()
            for value in row
        )


def test_it_works() -> None:
    Platform().apply()
    application = Application.objects.get()
    assert application.agent_phone == APPLICATION["contactsWay"]
    for table in ("guarantees_application", "protocol_message", "staff_auditentry", "protocol_acceptedmessage"):
        for field in SECRETS:
            assert APPLICATION[field] not in stored(table), (table, field)


def test_the_journal_holds_bodies_unreadably() -> None:
    Platform().apply()
    assert b"supplier" in bytes(Message.objects.get().plaintext)
    assert "supplier" not in stored("protocol_message")


def test_an_exact_value_is_found_however_it_is_written() -> None:
    Platform().apply()
    for written in ("13904710001", " 139 0471 0001 ", "139-0471-0001"):
        assert Application.objects.filter(agent_phone_index__in=blind_indexes(written)).exists()
    assert not Application.objects.filter(agent_phone_index__in=blind_indexes("13904710002")).exists()


def test_the_database_cannot_search_in_them() -> None:
    with pytest.raises(FieldError, match="blind index"):
        Application.objects.filter(agent_phone__contains="139").exists()


def test_a_replaced_key_reads_what_the_former_wrote(settings: Any) -> None:
    Platform().apply()
    former = settings.KEY_ENCRYPTION_KEYS
    settings.KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *former]
    application = Application.objects.get()
    assert application.agent_phone == APPLICATION["contactsWay"]
    assert Application.objects.filter(agent_phone_index__in=blind_indexes("13904710001")).exists()
    application.save()
    settings.KEY_ENCRYPTION_KEYS = settings.KEY_ENCRYPTION_KEYS[:1]
    assert Application.objects.get().agent_phone == APPLICATION["contactsWay"]


def test_without_its_key_the_error_says_what_to_set(settings: Any) -> None:
    Platform().apply()
    settings.KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="KEY_ENCRYPTION_KEY"):
        Application.objects.get()


def test_nothing_personal_is_logged(caplog: Any) -> None:
    caplog.set_level("DEBUG")
    platform = Platform()
    platform.apply()
    platform.apply(advanceAmount="0")
    for field in SECRETS:
        assert APPLICATION[field] not in caplog.text
