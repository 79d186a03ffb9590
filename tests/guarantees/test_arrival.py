"""An application comes to the unit of the first rule that takes it, else to the head office, and is moved by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guarantees.arrival import Arriving, region, takes
from guarantees.decisions.unit_rule import AddRule
from guarantees.models import Application, UnitRule
from staff import clock
from staff.audit import broken_links
from staff.decisions import NotPermitted, NotPossible
from staff.models import AuditEntry, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.roles import Role
from tests.institution import again, applied, decide, issued, open_to, person, signed_in
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]
HOHHOT = "11150100011515167R"


def unit(code: str, name: str = "") -> Unit:
    decide(
        "add",
        Unit.objects.get(pk=HEAD_OFFICE),
        Role.ADMINISTRATOR,
        code=code,
        name=name or f"Branch {code}",
        reason="new",
    )
    return Unit.objects.get(code=code)


def rule(of: Unit, **given: Any) -> UnitRule:
    decide("add_rule", of, Role.ADMINISTRATOR, reason="new", **given)
    return UnitRule.objects.latest("id")


def unit_of(application: Application) -> str:
    return application.order.unit.code


def refusal(of: Unit, **given: Any) -> str:
    """What the form says of a rule that may not be."""
    form = AddRule().form(of)
    initial = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    bound = AddRule().form(of, {**{name: value for name, value in initial.items() if value}, "reason": "new", **given})
    assert not bound.is_valid()
    return " ".join(str(error) for errors in bound.errors.values() for error in errors)


def test_the_first_rule_that_takes_it_decides_and_the_trail_says_which(platform: Platform) -> None:
    large, north = unit("L"), unit("N")
    rule(large, place=10, amount_from=Decimal("800000.00"))
    rule(north, place=20, region="1501", nature="works")
    other = Platform("Other")
    rule(unit("O"), place=30, connection=other.connection.pk)
    given = {
        "SQ1": {"advanceAmount": "800000.00"},
        "SQ2": {"advanceAmount": "799999.99", "purchaseSocCode": HOHHOT},
        "SQ3": {"advanceAmount": "799999.99", "purchaseSocCode": HOHHOT, "purchaseNature": "货物类"},
        "SQ4": {"advanceAmount": "799999.99", "purchaseSocCode": "011515167"},
    }
    came = {number: unit_of(applied(platform, applicationId=number, **fields)) for number, fields in given.items()}
    assert came == {"SQ1": "L", "SQ2": "N", "SQ3": "HQ", "SQ4": "HQ"}
    assert unit_of(applied(other, applicationId="SQ5", advanceAmount="1.00")) == "O"
    [entry] = AuditEntry.objects.filter(event="application.received", details__unit="N")
    assert entry.details["unit_rule"] == 20


def test_a_rule_counts_from_its_day_until_it_is_withdrawn(platform: Platform) -> None:
    branch = unit("A")
    ruled = rule(branch, active_from=clock.today() + timedelta(days=1))
    assert unit_of(applied(platform, applicationId="SQ1")) == "HQ"
    decide("change", ruled, Role.ADMINISTRATOR, active_from=clock.today(), reason="sooner")
    assert unit_of(applied(platform, applicationId="SQ2")) == "A"
    decide("withdraw", again(ruled), Role.ADMINISTRATOR, reason="no more")
    assert unit_of(applied(platform, applicationId="SQ3")) == "HQ"
    changed = AuditEntry.objects.get(event="unit_rule.changed")
    assert changed.details["conditions_before"] != changed.details["conditions"]


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("11150000011515167R", "150000"),
        (" 1115 0100-011515167r", "150100"),
        ("１１１５０１０００１１５１５１６７Ｒ", "150100"),
        ("011515167", ""),
        ("11AB0000011515167R", ""),
        ("", ""),
    ],
)
def test_the_region_stands_in_the_credit_code(code: str, digits: str) -> None:
    assert region(code) == digits


def test_both_amounts_of_a_rule_are_included() -> None:
    ruled = UnitRule(amount_from=Decimal(10), amount_to=Decimal(20))
    taken = [amount for amount in (9, 10, 20, 21) if takes(ruled, Arriving(None, "", "works", Decimal(amount)))]
    assert taken == [10, 20]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"amount_from": "2.00", "amount_to": "1.00"}, "No advance is both"),
        ({"region": "15010"}, "2, 4 or 6 digits"),
        ({"region": "内蒙"}, "2, 4 or 6 digits"),
        ({"place": "10", "nature": "goods"}, "a rule at this place already: 10 → Branch A"),
        ({"place": "11", "region": "1501", "amount_from": "5.00"}, "It would take nothing: the rule 10 → Branch A"),
        ({"place": "9"}, "The rule 10 → Branch A would then take nothing"),
    ],
)
def test_a_rule_that_would_take_nothing_or_let_another_take_nothing_is_refused(
    db: None, given: dict[str, str], sentence: str
) -> None:
    branch = unit("A")
    rule(branch, place=10, region="15", active_from=date(2026, 1, 1))
    assert sentence in refusal(branch, **given)
    assert UnitRule.objects.count() == 1


def test_the_rules_are_the_head_offices_matter(db: None) -> None:
    branch = unit("A")
    User.objects.filter(pk=person(Role.MANAGER).pk).update(unit=branch)
    ruled = UnitRule.objects.create(place=1, unit=branch, active_from=clock.today())
    assert {"add_rule"} & open_to(branch, Role.MANAGER) == set()
    assert open_to(ruled, Role.MANAGER) == set()


def test_the_rules_screen_says_where_an_application_would_go(platform: Platform) -> None:
    rule(unit("A", "North"), place=7, region="15")
    client, values = signed_in(Role.AUDITOR), {"try-nature": "works", "try-amount": "5.00"}
    values["try-connection"] = str(platform.connection.pk)
    for code, sentence in ((HOHHOT, "It would go to North, by the rule at place 7."), ("1", "no rule takes it")):
        page = client.get("/admin/guarantees/unitrule/", {**values, "try-beneficiary_code": code})
        assert page.status_code == 200
        assert sentence in page.content.decode()
        assert page.context["cl"].result_count == 1
    assert "This field is required" in client.get("/admin/guarantees/unitrule/", values).content.decode()


def test_an_order_is_moved_with_all_that_is_its(platform: Platform) -> None:
    letter, branch = issued(platform, applicationId="SQ1"), unit("A")
    application = letter.application
    reader = person(Role.UNDERWRITER)
    User.objects.filter(pk=reader.pk).update(unit=branch)
    client = signed_in(Role.UNDERWRITER)
    lists = [f"/admin/guarantees/{name}/" for name in ("application", "guarantee", "receipt")]
    assert {client.get(page).context["cl"].result_count for page in lists} == {0}
    decide("move_unit", application, Role.MANAGER, unit="A", reason="theirs")
    assert {client.get(page).context["cl"].result_count for page in lists} == {1}
    entry = AuditEntry.objects.get(event="order.moved")
    assert entry.details == {"unit_before": "HQ", "unit": "A"}
    assert list(broken_links(entry.chain)) == []
    assert platform.apply(applicationId="SQ1").code == "000"  # the same again is no new round
    assert unit_of(again(application)) == "A"


def test_a_later_round_stays_where_its_order_is(platform: Platform) -> None:
    first, branch = applied(platform, applicationId="SQ1"), unit("A")
    decide("reject", first, Role.UNDERWRITER, reason="no")
    decide("move_unit", again(first), Role.MANAGER, unit="A", reason="theirs")
    rule(unit("B"))
    assert unit_of(applied(platform, applicationId="SQ1", projectName="2")) == branch.code


def test_whoever_moves_it_away_sees_it_no_more_and_is_told(platform: Platform) -> None:
    application, branch = applied(platform, applicationId="SQ1"), unit("A")
    unit("B")
    decide("move_unit", application, Role.MANAGER, unit="A", reason="theirs")
    User.objects.filter(pk=person(Role.MANAGER).pk).update(unit=branch)
    form = {"unit": "B", "reason": "not ours"}
    page = signed_in(Role.MANAGER).post(
        f"/admin/guarantees/application/{application.pk}/decide/move_unit/", form, follow=True
    )
    assert page.redirect_chain == [("/admin/guarantees/application/", 302)]
    assert "Move to another unit: done." in page.content.decode()
    assert unit_of(again(application)) == "B"


def test_there_is_nowhere_to_move_while_the_head_office_is_alone(received: Application) -> None:
    assert "move_unit" not in open_to(received, Role.MANAGER)
    branch = unit("A")
    assert "move_unit" in open_to(received, Role.MANAGER)
    decide("close", branch, Role.ADMINISTRATOR, reason="too soon")
    assert "move_unit" not in open_to(received, Role.MANAGER)


def test_a_unit_that_has_something_is_not_closed(received: Application) -> None:
    branch = unit("A")
    decide("move_unit", received, Role.MANAGER, unit="A", reason="theirs")
    rule(branch)
    User.objects.filter(pk=person(Role.CASHIER).pk).update(unit=branch)
    with pytest.raises(NotPossible, match="people 1、open applications 1、rules of arrival 1"):
        decide("close", branch, Role.ADMINISTRATOR, reason="too soon")
    listed = signed_in(Role.AUDITOR).get("/admin/staff/unit/").content.decode()
    assert listed.index("总部") < listed.index("Branch A")


def test_units_are_set_up_and_put_elsewhere_by_decisions(db: None) -> None:
    for code in ("A", "B"):
        unit(code)
    one, two = (Unit.objects.get(code=code) for code in ("A", "B"))
    decide("change", one, Role.ADMINISTRATOR, parent="B", name="A again", reason="below B")
    assert [found.name for found in Unit.objects.from_here(two)] == ["Branch B", "A again"]
    with pytest.raises(AssertionError, match="itself or stands below it"):
        decide("change", two, Role.ADMINISTRATOR, parent="A", reason="a circle")
    with pytest.raises(AssertionError, match="of this code already"):
        unit("a")
    with pytest.raises(ValidationError):
        Unit(code="分行", name="x").clean_fields()
    proposer = person(Role.MANAGER, "manager-of-b")
    User.objects.filter(pk=proposer.pk).update(unit=two)
    with pytest.raises(NotPermitted, match="is not yours to put a unit under"):
        decide("change", again(one), again(proposer), parent="HQ", reason="away")
    entry = AuditEntry.objects.filter(event="unit.changed").latest("id")
    told = {"called_before": "Branch A", "called": "A again", "parent_before": "HQ", "parent": "B"}
    assert entry.details.items() >= told.items()
