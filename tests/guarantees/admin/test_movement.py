"""The book on the screen: who may read it, what it shows, and the way from a line to its case."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guarantees.models import Guarantee, Movement
from staff.roles import Role
from tests.institution import signed_in

pytestmark = pytest.mark.usefixtures("plain_letters")
LIST = reverse("admin:guarantees_movement_changelist")


@pytest.fixture
def manager(letter: Guarantee) -> Client:
    return signed_in(Role.MANAGER)


def shown(client: Client, **query: Any) -> list[Movement]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    found: list[Movement] = list(answer.context["cl"].result_list)
    return found


def test_lines_are_found_by_what_they_are(manager: Client, letter: Guarantee) -> None:
    every = shown(manager)
    assert [one.pk for one in every] == sorted(Movement.objects.values_list("pk", flat=True), reverse=True)
    assert {one.measure for one in shown(manager, measure__exact="exposure")} == {"exposure"}
    assert {one.kind for one in shown(manager, event="receipt")} == {"receipt"}
    assert {one.guarantee for one in shown(manager, q=letter.number)} == {letter}
    assert len(shown(manager, q=letter.application.order.number)) == len(every)
    assert shown(manager, counts_on_from="2100-01-01") == []
    page = manager.get(LIST).content.decode()
    assert "900,000.00" in page
    assert "-900,000.00" in page
    assert "Letter issued" not in page  # a business event is called as the book calls it


def test_each_line_leads_to_its_case(manager: Client, letter: Guarantee) -> None:
    for line in Movement.objects.all():
        page = manager.get(reverse("admin:guarantees_movement_change", args=[line.pk])).content.decode()
        case = line.guarantee or line.application
        assert reverse(f"admin:{case._meta.label_lower.replace('.', '_')}_change", args=[case.pk]) in page


def test_nobody_else_reads_it_and_nobody_writes_in_it(manager: Client, letter: Guarantee) -> None:
    assert signed_in(Role.CASHIER).get(LIST).status_code == 403
    line = Movement.objects.latest("id")
    page = reverse("admin:guarantees_movement_change", args=[line.pk])
    assert manager.post(page, {"fen": "1"}).status_code in (200, 403, 405)
    assert manager.post(reverse("admin:guarantees_movement_delete", args=[line.pk]), {"post": "yes"}).status_code == 403
    assert manager.get(reverse("admin:guarantees_movement_add")).status_code == 403
    assert list(Movement.objects.filter(pk=line.pk).values_list("fen", flat=True)) == [line.fen]
    with pytest.raises(TypeError):
        line.delete()
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        Movement.objects.filter(pk=line.pk).update(fen=1)


def test_it_is_exported_with_signed_sums(manager: Client, letter: Guarantee) -> None:
    answer = manager.get(f"{LIST}export/csv/", {"measure__exact": "reserved"})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert "900000" in text.replace(",", "")
    assert letter.application.order.number in text
