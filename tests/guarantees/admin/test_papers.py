"""The other papers on the desk: on the pages of their cases, in a list, and each its file, the same for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from claims.models import Demand
from guarantees.models import Application, Cancellation, IssuedPaper
from guarantees.money.account import PREMIUM_ACCOUNT
from staff.roles import Role
from tests.institution import again, approved, cancellation, decide, demanded, issued, parameter
from tests.platform import Platform

Desk = Callable[[Role], Client]


@pytest.fixture
def procurement(db: None, institution: Any) -> Platform:
    cache.clear()
    return Platform("Procurement")


@pytest.fixture
def notice(procurement: Platform) -> IssuedPaper:
    decide("payment_notice", approved(procurement), Role.UNDERWRITER)
    return IssuedPaper.objects.get()


def address(paper: IssuedPaper) -> str:
    return f"/admin/guarantees/issuedpaper/{paper.pk}/file/"


def take(client: Client, page: str, name: str, **data: str) -> str:
    """Takes a decision as a browser does; the page that follows."""
    url = f"/admin/{page}/decide/{name}/"
    seen = client.get(url).context["guard"].initial["seen"]
    return client.post(url, {**data, "seen": seen}, follow=True).content.decode()


def test_it_works(desk: Desk, procurement: Platform) -> None:
    application = approved(procurement)
    shown = take(desk(Role.CASHIER), f"guarantees/application/{application.pk}", "payment_notice")
    paper = IssuedPaper.objects.get()
    assert "Make the payment notice: done." in shown
    assert f'href="{address(paper)}"' in shown
    assert f'href="{address(paper)}?download=1"' in shown
    assert "Payment notice made" in shown


def test_the_page_says_what_is_asked_for_and_that_nothing_is_sent(desk: Desk, procurement: Platform) -> None:
    page = f"/admin/guarantees/application/{approved(procurement).pk}/decide/payment_notice/"
    shown = desk(Role.CASHIER).get(page).content.decode()
    assert "It asks for 4,500.00 CNY until" in shown
    assert "is told nothing" in shown


def test_it_stands_beside_the_premiums_record(desk: Desk, procurement: Platform) -> None:
    page = f"/admin/guarantees/application/{approved(procurement).pk}/change/"
    names = [decision["name"] for decision in desk(Role.CASHIER).get(page).context["decisions"]]
    assert names[:2] == ["record_payment", "payment_notice"]


def test_a_refused_demand_asks_for_its_notice_until_that_is_made(desk: Desk, procurement: Platform) -> None:
    demand = demanded(procurement, issued(procurement))
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("refuse", again(demand), Role.CLAIMS_HANDLER, reason="单据不符")
    client, page = desk(Role.CLAIMS_HANDLER), f"claims/demand/{demand.pk}"
    assert "has not been told why" in client.get(f"/admin/{page}/change/").content.decode()
    shown = take(client, page, "refusal_notice", grounds="索赔申请未加盖公章。")
    assert "has not been told why" not in shown
    assert address(IssuedPaper.objects.get()) in shown
    assert "Notice of refusal made" in shown


@pytest.mark.parametrize("kind", ["0", "1"])
def test_a_cancellation_in_effect_shows_its_confirmation(desk: Desk, procurement: Platform, kind: str) -> None:
    request = cancellation(procurement, issued(procurement), kind)
    decide("approve", request, Role.UNDERWRITER)
    shown = take(desk(Role.UNDERWRITER), f"guarantees/cancellation/{request.pk}", "confirmation")
    assert address(IssuedPaper.objects.get()) in shown
    assert "Make the confirmation: done." in shown


def test_application_and_guarantee_show_every_paper_of_theirs(desk: Desk, procurement: Platform) -> None:
    guarantee = issued(procurement)
    decide("approve", cancellation(procurement, guarantee), Role.UNDERWRITER)
    decide("confirmation", Cancellation.objects.get(), Role.UNDERWRITER)
    client, file = desk(Role.AUDITOR), address(IssuedPaper.objects.get())
    for page in (f"application/{guarantee.application_id}", f"guarantee/{guarantee.pk}"):
        assert file in client.get(f"/admin/guarantees/{page}/change/").content.decode()


def test_a_failure_says_why_and_changes_nothing(desk: Desk, procurement: Platform) -> None:
    PREMIUM_ACCOUNT.version().delete()  # type: ignore[union-attr]
    application = approved(procurement)
    shown = take(desk(Role.CASHIER), f"guarantees/application/{application.pk}", "payment_notice")
    assert "No account for premiums is set" in shown
    assert not IssuedPaper.objects.exists()


def test_the_same_bytes_are_served_whatever_changed_since(desk: Desk, notice: IssuedPaper, institution: Any) -> None:
    client = desk(Role.AUDITOR)
    before = client.get(address(notice))
    parameter("money.premium_account", number="6222000000000000001")
    institution.INSTITUTION_NAME = "另一个"
    Application.objects.update(applicant_name="另一企业")
    after = client.get(address(notice), {"download": "1"})
    assert after.content == before.content
    assert before.content.startswith(b"%PDF-")
    assert after.headers["Content-Disposition"] == f'attachment; filename="{notice.number}.pdf"'


def test_a_file_that_was_changed_is_never_served(desk: Desk, notice: IssuedPaper) -> None:
    with notice.file.storage.open(notice.file.name, "ab") as file:
        file.write(b"%")
    answer = desk(Role.AUDITOR).get(address(notice), follow=True)
    assert "missing or was changed" in answer.content.decode()


def test_who_may_see_no_paper_gets_no_file(desk: Desk, notice: IssuedPaper) -> None:
    assert desk(Role.ADMINISTRATOR).get(address(notice)).status_code == 403


@pytest.mark.parametrize("words", ["{number}", "SQ20261124000001", "青城建设 住房", "{verification_code}"])
def test_a_paper_is_found_by_what_stands_on_it(desk: Desk, notice: IssuedPaper, words: str) -> None:
    query = words.format(number=notice.number, verification_code=notice.verification_code)
    client = desk(Role.AUDITOR)
    assert notice.number in client.get("/admin/guarantees/issuedpaper/", {"q": query}).content.decode()
    other = client.get("/admin/guarantees/issuedpaper/", {"q": "another"}).content.decode()
    assert notice.number not in other


def test_the_reference_of_a_payment_leads_to_its_application(desk: Desk, notice: IssuedPaper) -> None:
    page = f"/admin/guarantees/application/{notice.application_id}/change/"
    assert page in desk(Role.CASHIER).get("/admin/guarantees/application/", {"q": notice.number}).content.decode()


def test_the_page_of_a_paper_shows_it_and_where_it_belongs(desk: Desk, notice: IssuedPaper) -> None:
    shown = desk(Role.AUDITOR).get(f"/admin/guarantees/issuedpaper/{notice.pk}/change/").content.decode()
    assert f'src="{address(notice)}' in shown
    assert notice.file_digest in shown
    assert f"/admin/guarantees/application/{notice.application_id}/change/" in shown


def test_a_demand_that_was_not_refused_shows_no_papers(desk: Desk, procurement: Platform) -> None:
    demanded(procurement, issued(procurement))
    shown = desk(Role.CLAIMS_HANDLER).get(f"/admin/claims/demand/{Demand.objects.get().pk}/change/")
    assert "papers" not in [section.anchor for section in shown.context["sections"]]
