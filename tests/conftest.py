"""What holds for every test: in CI none may be skipped. And the one world: an institution, a platform, its cases."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import translation

from guarantees.decisions import authority
from guarantees.letter.signature import demonstration, isolation, validation
from guarantees.models import Application, Guarantee
from guarantees.verification import origin
from staff import case_files, clock
from staff.contents import examination, reading
from staff.contents.found import Contents, Unfit
from staff.models import BusinessParameter, ParameterVersion
from staff.reminders import wakeup
from staff.roles import Role
from tests import database, replay
from tests import institution as world
from tests.chromium import needs_chromium
from tests.platform import Platform

HERE = Path(__file__).parent
#: Folders whose tests are no unit's, and which kind they are of (see `markers` in pyproject.toml).
KINDS = {"faults": "faults", "machines": "machine", "stories": "machine", "upgrades": "machine"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the kinds; those that take minutes come first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in KINDS)
    for item in items:
        if kind := KINDS.get(item.path.relative_to(HERE).parts[0]):
            item.add_marker(kind)
        elif needs_chromium.mark in item.iter_markers("skipif"):
            item.add_marker("browser")


def pytest_collection_finish() -> None:
    """What was imported stays: whoever looks for garbage need not look at it again and again."""
    gc.freeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> object:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> ExitStack:
    """What pytest-django asks for before it makes the database: where there is a migrated one, it begins with that."""
    copying = ExitStack()
    with django_db_blocker.unblock():
        copying.enter_context(database.copied())
    return copying


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: ExitStack, django_db_setup: None, django_db_blocker: Any) -> None:
    """pytest-django's, after which the copy is at the next one's disposal."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings.close()


@receiver(post_migrate)
def one_person_approves_every_sum(sender: AppConfig, using: str, **_: object) -> None:
    """As in an installation from before there was a bound, in each database and after each emptying: two people's
    approval has tests of its own, and costs the others time."""
    row = BusinessParameter.objects.using(using).filter(code=authority.ALONE.code, versions=None).first()
    if row is not None:
        value, now = authority.ALONE.stored(authority.EVERY_SUM), clock.now()
        ParameterVersion.objects.using(using).create(parameter=row, value=value, valid_from=now, made_at=now)


@pytest.fixture(scope="session")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A demonstration certificate and its authority, made once: two RSA keys take a while."""
    folder = tmp_path_factory.mktemp("credentials")
    content, authority = demonstration.credentials("青城融资担保有限公司", clock.now(), past=timedelta(days=4 * 365))
    paths = {"certificate": folder / "signing.p12", "authority": folder / "authority.pem"}
    paths["certificate"].write_bytes(content)
    paths["authority"].write_bytes(authority)
    return paths


@pytest.fixture
def institution(settings: Any, tmp_path: Path, credentials: dict[str, Path]) -> Any:
    """The settings of an institution that can issue letters."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.INSTITUTION_NAME = "青城融资担保有限公司"
    settings.INSTITUTION_CODE = "91150100MA0N2T4X50"
    settings.INSTITUTION_ADDRESS = "呼和浩特市新城区1号"
    settings.INSTITUTION_TELEPHONE = "0471-0000000"
    settings.SIGNING_CERTIFICATE = str(credentials["certificate"])
    settings.TRUST_ANCHORS = [str(credentials["authority"])]
    return settings


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Tests read the language of the code; what people read is the catalogue's own test."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nobody_sends_reminders_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that a commit wakes would outlive the test."""
    monkeypatch.setattr(wakeup, "wake", _unasked)


def _unasked() -> None:
    """Does nothing."""


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    """Rates are counted in the cache, which tests share."""
    cache.clear()


@pytest.fixture
def apart() -> None:
    """Strangers' files are read in a process of their own, as they are in production."""


@pytest.fixture(autouse=True)
def _together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's file is read in this process, with what that one would answer (test_isolation.py): to start
    Python and its libraries for each takes longer than all else. Tests of hostile files ask for `apart`."""

    if "apart" not in request.fixturenames:
        monkeypatch.setattr(origin, "validate_isolated", _validate_here)
        monkeypatch.setattr(case_files, "examine", _examine_here)


def _validate_here(content: bytes, anchors: list[bytes]) -> validation.Validation:
    return isolation.from_json(isolation.to_json(isolation.presentable(validation.validate(content, anchors))))


def _examine_here(content: bytes) -> Contents:
    try:
        return reading.read(content)
    except Unfit as unfit:
        raise examination.NotTaken(unfit.fault) from unfit


@pytest.fixture(autouse=True)
def _nothing_written_yet(
    _together: None, _nobody_sends_reminders_unasked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was once brought to a state is given again to a test that begins with it."""
    replay.begin(monkeypatch)


@pytest.fixture
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are signed, stored, sent and verified as ever, but nobody reads them: their pages are not set."""
    monkeypatch.setattr("guarantees.issuing.institution.draw", world.plain_page)


@pytest.fixture
def platform(db: None, institution: Any) -> Platform:
    """A platform that has an agreement with the institution."""
    world.issued_today()
    return world.connected()


@pytest.fixture
def desk(db: None, institution: Any) -> Callable[[Role], Client]:
    """The desk of the person of a role: a browser in which they are signed in."""
    world.issued_today()
    return world.signed_in


@pytest.fixture
def receive(platform: Platform) -> Callable[..., Application]:
    """Takes in an order by PREP101, whose fields may be given."""

    def make(number: str = "SQ0001", **fields: str) -> Application:
        return world.applied(platform, applicationId=number, **fields)

    return make


@pytest.fixture
def received(platform: Platform) -> Application:
    """The order SQ0001, as the platform sent it."""
    return world.applied(platform, applicationId="SQ0001")


@pytest.fixture
def approved(platform: Platform) -> Application:
    return world.approved(platform, applicationId="SQ0001")


@pytest.fixture
def paid(platform: Platform) -> Application:
    return world.paid(platform, applicationId="SQ0001")


@pytest.fixture
def letter(platform: Platform) -> Guarantee:
    """The order's letter, issued and signed."""
    return world.issued(platform, applicationId="SQ0001")


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody on the public page, who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client
