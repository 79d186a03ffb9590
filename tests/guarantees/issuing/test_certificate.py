"""The signing certificate: its end is told in good time, once a day, and so is whatever keeps it from signing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from config.rooms import PERIODIC
from guarantees.issuing import institution as house
from guarantees.issuing.certificate import signing_certificate, watch_certificate
from guarantees.issuing.signing import LetterNotMade
from protocol.models import Alert
from staff import clock
from staff.clock import CHINA
from staff.roles import Role
from tests.guarantees.letter.signature.test_signature import MADE_AT, sm2_pem
from tests.institution import decide, parameter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("institution")]
HOUR = timedelta(hours=1)


def before_the_end(days: float) -> datetime:
    return house.credentials().not_after - timedelta(days=days)


def watch_for_a_day(days_left: int) -> None:
    """In the day's first hour in China, its second and its last, so many days before the last."""
    midnight = before_the_end(days_left).astimezone(CHINA).replace(hour=0, minute=0, second=0)
    for hour in (0, 1, 23):
        with time_machine.travel(midnight + hour * HOUR, tick=False):
            watch_certificate()


def raised() -> list[tuple[str, int]]:
    return list(Alert.objects.order_by("id").values_list("kind", "count"))


def test_it_works() -> None:
    with time_machine.travel(before_the_end(60)):
        watch_certificate()
    alert = Alert.objects.get()
    certificate = house.credentials().particulars
    assert alert.kind == "certificate_expires"
    assert all(part in alert.text for part in (certificate.owner, certificate.serial_number, "60 more days"))


def test_nothing_is_said_earlier() -> None:
    with time_machine.travel(before_the_end(61)):
        watch_certificate()
        assert raised() == []
        parameter("telling.certificate_days", 61)
        watch_certificate()
    assert raised() == [("certificate_expires", 1)]


def test_it_is_looked_at_often_and_told_once_a_day() -> None:
    (work,) = [work for work in PERIODIC if work.run is watch_certificate]
    assert work.every <= HOUR
    watch_for_a_day(40)
    assert raised() == [("certificate_expires", 1)]


def test_days_on_which_nobody_deals_with_it_are_counted_in_one_row() -> None:
    for days in (40, 39, 38):
        watch_for_a_day(days)
    alert = Alert.objects.get()
    assert alert.count == 3
    assert "38 more days" in alert.text


def test_the_day_after_it_was_dealt_with_it_is_told_anew() -> None:
    watch_for_a_day(40)
    decide("settle", Alert.objects.get(), Role.MANAGER, note="申请已提交")
    watch_for_a_day(39)
    assert raised() == [("certificate_expires", 1), ("certificate_expires", 1)]


@pytest.mark.django_db(transaction=True)
def test_each_day_it_is_mailed_once(settings: Any) -> None:
    settings.ALERT_EMAIL = ["somebody@example.com"]
    for days in (40, 39):
        watch_for_a_day(days)
    assert [letter.subject for letter in mail.outbox] == ["signing certificate ends soon"] * 2


def test_dealt_with_on_a_later_day_it_is_not_told_again_that_day() -> None:
    for days in (40, 39):
        watch_for_a_day(days)
    with time_machine.travel(Alert.objects.get().last_at + HOUR):
        decide("settle", Alert.objects.get(), Role.MANAGER, note="申请已提交")
        watch_certificate()
    assert raised() == [("certificate_expires", 2)]


def test_its_end_is_told_though_a_reminder_was_given_that_day() -> None:
    with time_machine.travel(before_the_end(0) - timedelta(minutes=1)):
        watch_certificate()
    with time_machine.travel(before_the_end(0) + timedelta(minutes=1)):
        watch_certificate()
    assert raised() == [("certificate_expires", 1), ("certificate_unusable", 1)]
    assert "expired at" in Alert.objects.get(kind="certificate_unusable").text


@pytest.mark.parametrize("path", ["", "/nowhere.p12"])
def test_one_that_cannot_be_read_is_told(settings: Any, path: str) -> None:
    settings.SIGNING_CERTIFICATE = path
    watch_certificate()
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == ("certificate_unusable", settings.INSTITUTION_NAME)
    assert "No letter can be issued" in alert.text


def test_one_that_no_anchor_vouches_for_is_told(settings: Any) -> None:
    settings.TRUST_ANCHORS = []
    watch_certificate()
    assert "TRUST_ANCHORS do not vouch" in Alert.objects.get().text


def test_an_anchor_that_cannot_be_read_is_told(settings: Any) -> None:
    settings.TRUST_ANCHORS = ["/nowhere.pem"]
    watch_certificate()
    assert "TRUST_ANCHORS: /nowhere.pem cannot be read" in Alert.objects.get().text


def test_an_sm2_certificate_is_watched_as_well(settings: Any, tmp_path: Any) -> None:
    certificate, key, root = sm2_pem()
    for name, content in (("certificate.pem", certificate), ("key.pem", key), ("root.pem", root)):
        (tmp_path / name).write_bytes(content)
    settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    with time_machine.travel(MADE_AT + timedelta(days=1)), pytest.raises(LetterNotMade, match="vouch"):
        signing_certificate(clock.now())
    settings.TRUST_ANCHORS = [str(tmp_path / "root.pem")]
    with time_machine.travel(MADE_AT + timedelta(days=1)):
        assert signing_certificate(clock.now()).days_left == 364


def test_an_sm2_key_that_is_none_says_what_it_is(settings: Any, tmp_path: Any) -> None:
    certificate, _key, _root = sm2_pem()
    (tmp_path / "certificate.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(b"AA==")
    settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    with pytest.raises(LetterNotMade, match=r"SM2 private key cannot be read: .* has 32 bytes"):
        signing_certificate(clock.now())
