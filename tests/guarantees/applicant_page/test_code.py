"""The applicant's link and its code: who has both sees one order, and nobody learns whether there is a link."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from config.logs import Discreet
from guarantees.applicants.links import code_of
from guarantees.models import ApplicantLink, Application
from staff import clock
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import again, applied, decide, parameter
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.django_db

CODE = APPLICATION["contactsWay"][-4:]
#: What differs from one page to the next, whoever asks.
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|/applicant/[^/"]+/')


@pytest.fixture
def application(platform: Platform) -> Application:
    return applied(platform)


@pytest.fixture
def link(application: Application) -> ApplicantLink:
    decide("make_link", application, Role.CASHIER)
    return ApplicantLink.objects.get()


def address(token: str) -> str:
    return f"/applicant/{token}/"


def give(client: Client, token: str, code: str, **how: Any) -> Any:
    return client.post(address(token), {"code": code}, **how)


def events() -> list[str]:
    entries = AuditEntry.objects.filter(event__startswith="applicant_link.").order_by("number")
    return list(entries.values_list("event", flat=True))


def test_it_opens_by_the_last_digits_of_the_contacts_telephone(link: ApplicantLink, visitor: Client) -> None:
    first = visitor.get(address(link.token)).content.decode()
    assert APPLICATION["supplier"] not in first
    assert "道路养护工程" not in first
    assert give(visitor, link.token, CODE).status_code == 302
    page = visitor.get(address(link.token)).content.decode()
    assert "道路养护工程" in page
    assert "900,000.00" in page
    for personal in ("legalIdNo", "contractCerNo", "contactsWay", "contacts", "legalName"):
        assert APPLICATION[personal] not in page
    assert again(link).opened_at
    assert events() == ["applicant_link.made", "applicant_link.opened"]


def test_who_opens_it_again_and_again_keeps_nobody_from_deciding(link: ApplicantLink, visitor: Client) -> None:
    for _number in range(3):
        assert give(visitor, link.token, CODE).status_code == 302
    assert events() == ["applicant_link.made", "applicant_link.opened"]
    with time_machine.travel(clock.now() + timedelta(hours=13)):
        give(visitor, link.token, CODE)
    assert events().count("applicant_link.opened") == 2


def test_nobody_learns_whether_there_is_a_link(link: ApplicantLink, visitor: Client) -> None:
    with time_machine.travel(link.expires_at + timedelta(seconds=1)):
        expired = give(Client(headers={"accept-language": "en"}), link.token, CODE)
    unknown = give(visitor, "x" * 32, CODE)
    wrong = give(visitor, link.token, "9999")
    decide("stop_link", link.order.rounds.get(), Role.CASHIER, reason="发错人")
    stopped = give(visitor, link.token, CODE)
    answers = {CHANGING.sub("", one.content.decode()) for one in (expired, unknown, wrong, stopped)}
    assert len(answers) == 1
    assert {one.status_code for one in (expired, unknown, wrong, stopped)} == {403}
    shown = {CHANGING.sub("", visitor.get(address(token)).content.decode()) for token in (link.token, "y" * 32)}
    assert len(shown) == 1


def test_five_wrong_codes_an_hour_and_the_trail_tells(link: ApplicantLink, visitor: Client) -> None:
    for _number in range(5):
        assert give(visitor, link.token, "0000").status_code == 403
    assert give(visitor, link.token, CODE).status_code == 429
    assert give(visitor, "z" * 32, CODE).status_code == 403
    assert events() == ["applicant_link.made", "applicant_link.wrong_codes"]
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert give(visitor, link.token, CODE).status_code == 302


def test_twenty_wrong_codes_end_it_and_the_case_says_so(
    application: Application, link: ApplicantLink, visitor: Client, desk: Any
) -> None:
    for hour in range(4):
        with time_machine.travel(clock.now() + timedelta(minutes=61 * hour)):
            for _number in range(5):
                give(visitor, link.token, "0000")
    ended = again(link)
    assert (ended.wrong_codes, ended.ended_why) == (20, "wrong_codes")
    assert events()[-1] == "applicant_link.shut"
    with time_machine.travel(clock.now() + timedelta(hours=6)):
        assert give(visitor, link.token, CODE).status_code == 403
    page = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
    assert "stopped after 20 wrong codes" in page
    assert 'data-decision="make_link"' in page


def test_a_network_that_guesses_at_many_links_is_stopped(link: ApplicantLink, visitor: Client) -> None:
    for number in range(30):
        assert give(visitor, f"{number:032}", "0000").status_code == 403
    assert give(visitor, link.token, CODE).status_code == 429
    assert give(visitor, link.token, CODE, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_the_session_is_the_links_own_and_ends(platform: Platform, link: ApplicantLink, visitor: Client) -> None:
    other = applied(platform, applicationId="SQ2")
    decide("make_link", other, Role.CASHIER)
    second = ApplicantLink.objects.get(order=other.order)
    cookie = give(visitor, link.token, CODE).cookies["applicant"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", address(link.token))
    assert "道路养护工程" in visitor.get(address(link.token)).content.decode()
    # The test's browser sends every cookie everywhere: the value itself is good for its own link alone.
    assert "道路养护工程" not in visitor.get(address(second.token)).content.decode()
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert "道路养护工程" not in visitor.get(address(link.token)).content.decode()
    visitor.post(f"{address(link.token)}leave/")
    assert "道路养护工程" not in visitor.get(address(link.token)).content.decode()


def test_a_stopped_link_shows_nothing_any_more_at_once(link: ApplicantLink, visitor: Client) -> None:
    give(visitor, link.token, CODE)
    decide("stop_link", link.order.rounds.get(), Role.CASHIER, reason="发错人")
    assert "道路养护工程" not in visitor.get(address(link.token)).content.decode()


def test_it_is_kept_nowhere_and_told_to_nobody(
    link: ApplicantLink, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visitor.get(address(link.token))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    caplog.handler.addFilter(Discreet())
    with caplog.at_level(logging.DEBUG):
        give(visitor, link.token, "0000")
        visitor.get(f"{address(link.token)}nowhere/")
    assert "/applicant/…/nowhere/" in caplog.text
    assert link.token not in caplog.text
    assert link.token not in str(list(AuditEntry.objects.values()))
    stored = ApplicantLink.objects.values_list("token_digest", flat=True).get()
    assert link.token not in stored


def test_the_log_of_the_house_is_discreet(settings: Any) -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert "discreet" in handler["filters"]
    wrong = logging.LogRecord("x", logging.ERROR, "", 0, "%d of /applicant/x/", ("no number",), None)
    assert Discreet().filter(wrong)


def test_a_new_request_makes_the_link_valid_again(application: Application, link: ApplicantLink) -> None:
    with time_machine.travel(clock.now() + timedelta(days=20)):
        decide("ask_for_documents", application, Role.UNDERWRITER, documents=["801"])
        renewed = again(link)
        assert renewed.token == link.token
        assert renewed.expires_at > clock.now() + timedelta(days=29)


def test_how_long_it_is_valid_is_data(application: Application) -> None:
    parameter("applicants.link_days", 3)
    decide("make_link", application, Role.CASHIER)
    assert ApplicantLink.objects.get().expires_at < clock.now() + timedelta(days=3, minutes=1)


@pytest.mark.parametrize(
    ("telephone", "code"),
    [
        ("１３９０４７１０００１", "0001"),
        ("0471-6912345转801", "2345"),
        ("6912345（分机）8012", "2345"),
        ("0471-6912345、6912346", "2345"),
        ("无/13904710001", "0001"),
        ("转801", ""),
    ],
)
def test_the_code_is_what_a_person_reads_in_the_number(platform: Platform, telephone: str, code: str) -> None:
    assert code_of(applied(platform, contactsWay=telephone).order) == code


def test_without_a_telephone_there_is_no_link(platform: Platform, desk: Any) -> None:
    application = applied(platform, contactsWay="无")
    page = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/decide/make_link/", follow=True)
    assert "no telephone of four digits" in page.content.decode()
    decide("ask_for_documents", application, Role.UNDERWRITER, documents=["801"])
    assert not ApplicantLink.objects.exists()


def test_the_message_says_all_but_the_code(application: Application, link: ApplicantLink, desk: Any) -> None:
    decide("ask_for_documents", application, Role.UNDERWRITER, documents=["801"], words="请盖章")
    address_of_case = f"/admin/guarantees/application/{application.pk}/change/"
    page = desk(Role.UNDERWRITER).get(address_of_case).content.decode()
    [text] = re.findall(r'<pre [^>]*id="notice-text">(.*?)</pre>', page, re.DOTALL)
    for part in (link.token, "青城建设有限公司", "1. 中标（成交）通知书", "请盖章", "0471-0000000"):
        assert part in text
    for secret in (CODE, APPLICATION["contacts"], "900,000"):
        assert secret not in text
    assert link.token not in desk(Role.AUDITOR).get(address_of_case).content.decode()
