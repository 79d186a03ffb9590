"""What the run on a second database leaves out: see `tests/once.py`."""

from __future__ import annotations

import pytest
from django.test import TestCase

from staff.models import User
from tests.once import cannot_differ
from tests.platform import Platform


def test_a_test_that_asks_for_no_database_cannot_differ(request: pytest.FixtureRequest) -> None:
    assert cannot_differ(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()


def test_one_that_reaches_it_by_way_of_another_fixture_can(request: pytest.FixtureRequest, platform: Platform) -> None:
    assert not cannot_differ(request.node)


@pytest.mark.django_db
def test_one_that_is_marked_can(request: pytest.FixtureRequest) -> None:
    assert not cannot_differ(request.node)


class AsDjangoWritesIt(TestCase):
    @pytest.fixture(autouse=True)
    def _item(self, request: pytest.FixtureRequest) -> None:
        self.item = request.node

    def test_it_can_too(self) -> None:
        assert not cannot_differ(self.item)
