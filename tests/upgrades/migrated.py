"""Migrates a kept database to the present version, in a process of its own, and says what it then holds, as JSON.

KEPT_FOLDER=… DATABASE_URL=… python -m tests.upgrades.migrated
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.upgrades.settings"
    import django

    django.setup()

    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from tests.upgrades.kept import kept_models, rows_of

    setup_test_environment()
    call_command("migrate", verbosity=0)
    rows = {model._meta.label_lower: rows_of(model) for model in kept_models()}
    found = {
        "files": _files(),
        "messages": _messages(),
        "chains": _broken_chains(),
        "unregistered": _unregistered(),
        "book": _book(),
        "pages": _pages(),
    }
    json.dump({"rows": rows, **found}, sys.stdout)


def _files() -> dict[str, list[str]]:
    """Of each letter and paper, what speaks against its stored file, and what its row says otherwise than that."""
    from guarantees.models import Guarantee, IssuedPaper
    from guarantees.verification.agreement import disagreements
    from guarantees.verification.origin import trace

    found = {}
    for issued in (*Guarantee.objects.all(), *IssuedPaper.objects.all()):
        with issued.file.open("rb") as stored:
            content = stored.read()
        wrong = [] if hashlib.sha256(content).hexdigest() == issued.file_digest else ["digest"]
        origin = trace(content, issued if isinstance(issued, Guarantee) else None)
        found[issued.number] = [*wrong, *origin.faults, *origin.doubts, *map(str, disagreements(issued))]
    return found


def _messages() -> dict[str, bool]:
    """Whether each received message that was opened then still opens with our key, and says the same."""
    from protocol import envelope
    from protocol.models import Message

    kept = Message.objects.filter(direction="in", connection__isnull=False, code="000").select_related("connection")
    return {
        str(message.pk): envelope.open_request(
            envelope.parse(bytes(message.body or b"")), message.connection.party()
        ).plaintext
        == bytes(message.plaintext or b"")
        for message in kept
        if message.connection
    }


def _unregistered() -> list[str]:
    """The letters that the register of numbers does not know."""
    from guarantees.models import Guarantee

    letters = Guarantee.objects.exclude(register_entry__state="used")
    return list(letters.values_list("number", flat=True))


def _book() -> dict[str, Any]:
    """What the book of the kept orders came to: what `build_book` says, how its lines are known, and whether the rows
    alone come to the same."""
    from io import StringIO

    from django.core.management import call_command
    from django.db.models import Count

    from guarantees.models import Movement
    from tests.book import by_the_book, by_the_rows

    said = StringIO()
    call_command("build_book", stdout=said)
    known = Movement.objects.order_by().values_list("inferred").annotate(number=Count("pk"))
    return {
        "said": said.getvalue(),
        "known": {str(inferred): number for inferred, number in known},
        "agrees": by_the_book() == by_the_rows(),
    }


def _broken_chains() -> list[str]:
    from staff.audit import broken_links
    from staff.models import AuditEntry

    chains = AuditEntry.objects.values_list("chain", flat=True).distinct()
    return [str(entry) for chain in chains for entry in broken_links(chain)]


def _pages() -> dict[str, int]:
    """Each list of the desk and the page of each row, as a superuser sees them."""
    from django.contrib import admin
    from django.test import Client
    from django.urls import reverse

    from staff.models import User

    client: Any = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("upgrade", "u@example.com", "long-enough-77", name="Upgrade"))
    answers = {}
    for model, screen in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{name}_changelist")
        exported = [f"{listed}export/{form}/" for form in ("csv", "xlsx")]
        for address in [listed, f"{listed}?q=1", *exported]:
            answer = client.get(address)
            # A list without export answers 403; an export fails, if it does, while its rows are read.
            if answer.status_code != 403:
                answers[address] = answer.status_code
                b"".join(answer)
        for row in screen.get_queryset(client.get(listed).wsgi_request).order_by("pk")[:60]:
            address = reverse(f"{name}_change", args=[row.pk])
            answers[address] = client.get(address).status_code
    return answers


if __name__ == "__main__":
    main()
