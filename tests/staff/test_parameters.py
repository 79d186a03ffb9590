"""Data that guides decisions is read once for a request, and once for a decision from its lock on; none is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guarantees.models import Application
from staff import clock
from staff.decisions import NotPossible
from staff.duties import Profile
from staff.models import BusinessParameter, ParameterVersion
from staff.parameters import PROFILE, ParametersMiddleware, read_once, read_together
from staff.proposals import WAITS
from staff.roles import Role
from tests.institution import decide, parameter, person

pytestmark = pytest.mark.django_db


def changed_elsewhere(profile: Profile) -> None:
    """As another process commits it: nothing in this one is told."""
    row, now = BusinessParameter.objects.get(code=PROFILE.code), clock.now()
    ParameterVersion.objects.bulk_create(
        [ParameterVersion(parameter=row, value=profile, valid_from=now, made_at=now)],
    )


def test_together_they_take_one_query_and_apart_one_each(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1), read_together():
        assert [PROFILE.value(), WAITS.value(), PROFILE.value()] == [Profile.SMALL, 14, Profile.SMALL]
    with django_assert_num_queries(2):
        assert [PROFILE.value(), WAITS.value()] == [Profile.SMALL, 14]


def test_who_asks_for_none_pays_for_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0), read_together():
        pass


def test_the_value_at_another_moment_is_told_from_the_same_reading() -> None:
    parameter(WAITS.code, 30)
    with read_together():
        assert (WAITS.value(), WAITS.value(clock.now() - timedelta(days=1))) == (30, 14)


def test_a_change_within_is_seen_at_once_below_and_above() -> None:
    with read_together():
        assert WAITS.value() == 14
        with read_together():
            assert WAITS.value() == 14
            parameter(WAITS.code, 30)
            assert WAITS.value() == 30
        assert WAITS.value() == 30


def test_another_processes_change_is_seen_by_the_next_request() -> None:
    seen: list[str] = []

    def view(request: Any) -> Any:
        seen.append(PROFILE.value())
        changed_elsewhere(Profile.FULL)
        seen.append(PROFILE.value())

    middleware = ParametersMiddleware(view)
    middleware(None)  # type: ignore[arg-type]
    middleware(None)  # type: ignore[arg-type]
    assert seen == [Profile.SMALL, Profile.SMALL, Profile.FULL, Profile.FULL]


def test_every_request_passes_it(
    desk: Callable[[Role], Client], received: Application, django_assert_max_num_queries: Any
) -> None:
    browser, page = desk(Role.UNDERWRITER), f"/admin/guarantees/application/{received.pk}/decide/approve/"
    with django_assert_max_num_queries(200) as queries:
        assert browser.get(page).status_code == 200
    asked = [query["sql"] for query in queries.captured_queries]
    assert sum("staff_parameterversion" in sql for sql in asked) == 1


def test_a_decision_sees_what_was_confirmed_while_it_waited(approved: Application) -> None:
    """Its request had read them before the lock; who approved takes no premium under the other profile."""
    both = person(Role.UNDERWRITER)
    both.groups.add(*person(Role.CASHIER).groups.all())
    with read_together():
        assert PROFILE.value() == Profile.SMALL
        changed_elsewhere(Profile.FULL)
        with pytest.raises(NotPossible, match="you approved the terms; another person must do this"):
            decide("record_payment", approved, person(Role.UNDERWRITER), reference="B1")


def test_work_on_many_cases_keeps_to_one_moment() -> None:
    with read_once():
        parameter(WAITS.code, 30)
        with read_together():
            assert WAITS.value() == 14
    assert WAITS.value() == 30
