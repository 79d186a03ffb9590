"""Another family of platforms, which calls fields and codes otherwise, is a set of tables and a line in an offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from guarantees.models import Application
from protocol import checks, envelope
from protocol.delivery import sending
from protocol.families import FAMILIES, Family
from protocol.models import Connection, Message, Notification
from protocol.prep.family import PREP
from protocol.tables import Code, Field, Table
from protocol.vocabulary import ApplicationOutcome, Transcode
from staff.roles import Role
from tests.institution import decide
from tests.platform import APPLICATION, Platform
from tests.protocol.delivery.loopback import Loopback, code, loopback


class OtherStatus(Code):
    """PREP102's codes in the other family."""

    APPROVED = "AGREED", ApplicationOutcome.APPROVED
    REJECTED = "DECLINED", ApplicationOutcome.REJECTED
    ISSUED = "ISSUED", ApplicationOutcome.ISSUED
    FAILED = "FAILED", ApplicationOutcome.FAILED
    PAID = "PAID", ApplicationOutcome.PAID
    CANCELLATION_REFUSED = "GOES_ON", ApplicationOutcome.CANCELLATION_REFUSED
    CANCELLED = "CANCELLED", ApplicationOutcome.CANCELLED
    SURRENDERED = "SURRENDERED", ApplicationOutcome.SURRENDERED
    SURRENDER_REFUSED = "STAYS", ApplicationOutcome.SURRENDER_REFUSED


#: What it calls some facts, whatever the message.
NAMES = {"order_number": "bizNo", "applicant_name": "tenderer", "legal_name": "principal"}


def renamed(field: Field) -> Field:
    called = replace(field, name=NAMES.get(field.fact, field.name))
    return replace(called, codes=tuple(OtherStatus), length=20) if field.codes and field.fact == "status" else called


def with_names(table: Table) -> Table:
    if table.transcode not in (Transcode.APPLICATION, Transcode.APPLICATION_STATUS):
        return table
    return replace(table, request=tuple(renamed(field) for field in table.request))


OTHER = Family("other", "as others have it", {name: with_names(table) for name, table in PREP.tables.items()})


@pytest.fixture
def two_families() -> Iterator[None]:
    offered = dict(FAMILIES.rooms)
    FAMILIES.hand_over({**offered, "tests": [OTHER]})
    yield
    FAMILIES.hand_over(offered)


@pytest.fixture
def other_side() -> Iterator[Loopback]:
    with loopback(code("000")) as server:
        yield server


@pytest.fixture
def other(db: None, institution: Any, two_families: None, other_side: Loopback) -> Platform:
    """A platform of the other family, whose notifications arrive."""
    platform = Platform("Other", family="other")
    Connection.objects.filter(pk=platform.connection.pk).update(address=other_side.address)
    return platform


def as_they_say(**changed: str) -> dict[str, str]:
    """An application as the other family writes it."""
    theirs = {field.name: NAMES.get(field.fact, field.name) for field in PREP.tables["PREP101"].request}
    return {theirs.get(name, name): value for name, value in {**APPLICATION, **changed}.items()}


@pytest.mark.django_db(transaction=True)
def test_an_application_is_read_and_answered_as_its_family_speaks(other: Platform, other_side: Loopback) -> None:
    assert other.send("PREP101", as_they_say()).code == "000"
    application = Application.objects.get()
    assert application.applicant_name == APPLICATION["supplier"]
    assert application.order.number == Message.objects.get().order_number == APPLICATION["applicationId"]
    decide("reject", application, Role.UNDERWRITER, reason="资料不全")
    assert sending.deliver_due() == 1
    notification = Notification.objects.get()
    fields = envelope.open_request(envelope.parse(other_side.bodies[0]), other.party).fields
    assert fields == {"bizNo": APPLICATION["applicationId"], "applicationStatus": "DECLINED", "failReason": "资料不全"}
    assert (notification.state, notification.says) == ("delivered", "DECLINED rejected")


@pytest.mark.django_db
def test_what_is_wrong_is_named_as_the_platform_names_it(other: Platform, platform: Platform) -> None:
    theirs, ours = as_they_say(tenderer=""), {**APPLICATION, "supplier": ""}
    assert other.send("PREP101", theirs).message.endswith("tenderer 必填")
    assert platform.send("PREP101", ours).message.endswith("supplier 必填")
    assert other.send("PREP101", as_they_say()).code == platform.send("PREP101", APPLICATION).code == "000"
    assert "tenderer 与" in other.send("PREP101", as_they_say(tenderer="另一家公司")).message
    assert "supplier 与" in platform.send("PREP101", {**APPLICATION, "supplier": "另一家公司"}).message


@pytest.mark.django_db
def test_what_a_person_wrote_is_masked_whatever_its_field_is_called(
    desk: Callable[[Role], Client], other: Platform
) -> None:
    other.send("PREP101", as_they_say())
    page = desk(Role.AUDITOR).get(f"/admin/protocol/message/{Message.objects.get().pk}/change/").content.decode()
    assert "principal" in page
    assert APPLICATION["legalName"] not in page


@pytest.mark.django_db
def test_the_decision_says_the_code_that_the_platform_will_read(
    other: Platform, desk: Callable[[Role], Client]
) -> None:
    other.send("PREP101", as_they_say())
    page = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{Application.objects.get().pk}/decide/approve/")
    assert "PREP102 AGREED" in page.content.decode()


@pytest.mark.django_db
def test_a_connection_chooses_its_family_where_there_is_a_choice(
    platform: Platform, desk: Callable[[Role], Client], two_families: None
) -> None:
    address = f"/admin/protocol/connection/{platform.connection.pk}/decide/agree/"
    assert 'name="family"' in desk(Role.ADMINISTRATOR).get(address).content.decode()
    call_command("connect_platform", name="Platform", family="other", verbosity=0)
    assert Connection.objects.get().family == "other"
    with pytest.raises(CommandError, match="--family"):
        call_command("connect_platform", name="Platform", family="nobody")


@pytest.mark.django_db
def test_without_a_choice_nothing_is_asked(platform: Platform, desk: Callable[[Role], Client]) -> None:
    address = f"/admin/protocol/connection/{platform.connection.pk}/decide/agree/"
    assert 'name="family"' not in desk(Role.ADMINISTRATOR).get(address).content.decode()
    assert platform.connection.family == "prep"


def test_a_family_that_lacks_a_fact_or_a_word_does_not_start(two_families: None) -> None:
    assert checks.every_family_tells_what_is_asked() == []
    application, status = OTHER.tables["PREP101"], OTHER.tables["PREP102"]
    without = replace(application, request=application.request[1:])
    mute = replace(status, request=tuple(replace(field, codes=field.codes[1:]) for field in status.request))
    FAMILIES.hand_over(
        {"a": [PREP], "b": [replace(OTHER, tables={**OTHER.tables, "PREP101": without, "PREP102": mute})]}
    )
    found = [str(error.msg) for error in checks.every_family_tells_what_is_asked()]
    assert len(found) == 3
    assert found[0] == "Family of platforms other, PREP101: order_number is missing."
    assert found[1].startswith("Family of platforms other, PREP102: status has a code for each of approved, rejected,")
