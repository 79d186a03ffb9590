"""A plugin for the run on a second database (`-p tests.once`): leaves out what was run on the first and cannot differ.

That is each test which pytest-django keeps from the run's database, since it asks for none; the stories, whose
demonstration has a database of its own; and the fault tests, which start a PostgreSQL of their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import SimpleTestCase

HERE = Path(__file__).parent
#: Folders with a database of their own, whatever the run's is.
OF_THEIR_OWN = {"faults", "stories"}
#: Folders whose processes work on databases of the run's kind, without a fixture that says so.
OF_THE_RUN = {"machines", "upgrades"}
#: What a test asks for that works on the run's database.
ASKING = {"db", "transactional_db", "django_db_setup", "live_server"}


def cannot_differ(item: pytest.Item) -> bool:
    """Whether the test passes or fails whatever the run's database is."""
    folder = item.path.relative_to(HERE).parts[0]
    if folder in OF_THEIR_OWN | OF_THE_RUN:
        return folder in OF_THEIR_OWN
    asked = set(item.fixturenames) if isinstance(item, pytest.Function) else ASKING
    of_django = isinstance(item, pytest.Function) and item.cls and issubclass(item.cls, SimpleTestCase)
    return not asked & ASKING and not item.get_closest_marker("django_db") and not of_django


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if cannot_differ(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not cannot_differ(item)]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """That nothing is left is no failure: the run on the first database sees to it that there was something."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
