"""What must hold of all that the rooms offer: nothing without a home, nothing twice, nothing that nobody may."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.contrib.auth import get_permission_codename
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from config import rooms
from staff.decisions import DECISIONS, EVENTS, Decision
from staff.desk.case import CaseAdmin
from staff.desk.dashboard import FIGURES
from staff.desk.home import COUNTERS, NOTICES
from staff.desk.home import Counter as HomeCounter
from staff.desk.navigation import SCREENS
from staff.desk.panels import PANELS
from staff.desk.record import DeskAdmin
from staff.desk.reports.asking import QUESTIONS
from staff.desk.reports.report import PERMISSION, REPORTS
from staff.desk.timeline import DETAILS
from staff.events import EventKind
from staff.models import Unit
from staff.units import NAMINGS, path_of


def every_list_is_of_a_kind(**_: Any) -> list[CheckMessage]:
    """A list that nobody reads is a word misspelt."""
    found: list[CheckMessage] = []
    kinds = {listed.name for listed in rooms.LISTS} | {mapping.name for mapping in rooms.MAPPINGS}
    for room, module in rooms.rooms().items():
        for name in _lists_of(inspect.getsource(module)):
            if name not in kinds:
                text = f"{room}/offers.py lists {name}, which nobody reads."
                found.append(Error(text, hint=f"The kinds are {', '.join(sorted(kinds))}.", id="rooms.E001"))
    return found


def every_name_is_offered_once(**_: Any) -> list[CheckMessage]:
    """Of two offers of one name the second would be lost, or stand there twice."""
    found: list[CheckMessage] = []
    for listed in rooms.LISTS:
        names = Counter(listed.known_by(one) for one in listed)
        found += [_twice(listed.name, str(name)) for name, number in names.items() if number > 1]
    for mapping in rooms.MAPPINGS:
        if mapping is not rooms.GRANTS:  # every room adds to a role's permissions
            names = Counter(name for name, _one in mapping.items())
            found += [_twice(mapping.name, str(name)) for name, number in names.items() if number > 1]
    found += [_twice("EVENTS and DECISIONS", code) for code in _differing(_event_kinds())]
    found += [_twice("DETAILS and DECISIONS", name) for name in _differing(_details())]
    return found


def every_permission_is_declared_and_held(**_: Any) -> list[CheckMessage]:
    """What is granted or asked for must be some model's permission, and every permission of ours some role's."""
    declared = permissions()
    granted = {permission for wanted in rooms.grants().values() for permission in wanted}
    asked = {permission for permission, _who in _asked()}
    found: list[CheckMessage] = [
        Error(f"A role is granted {permission}, which no model declares.", id="rooms.E004")
        for permission in sorted(granted - declared)
    ]
    found += [
        Error(f"{who} asks for the permission {permission!r}, which no model declares.", id="rooms.E005")
        for permission, who in _asked()
        if permission not in declared
    ]
    ours = {permission for permission in declared if permission.partition(".")[0] in rooms.rooms()}
    found += [
        Error(
            f"No role holds {permission}" + (", so nobody can do what asks for it." if permission in asked else "."),
            hint="Grant it under GRANTS of a room's offers.py, or let its model declare it no more.",
            id="rooms.E006",
        )
        for permission in sorted(ours - granted)
    ]
    return found


def every_decision_has_its_page(**_: Any) -> list[CheckMessage]:
    """A decision is taken on the page of its case."""
    return [
        Error(
            f"The decision {DECISIONS.known_by(decision)} has no page: {decision.model._meta.label} is shown by none "
            "that is a CaseAdmin.",
            id="rooms.E007",
        )
        for decision in DECISIONS
        if not isinstance(admin.site._registry.get(decision.model), CaseAdmin)
    ]


def every_decision_says_what_it_does(**_: Any) -> list[CheckMessage]:
    """Which event of the trail it is, and which transition of the case it takes, if it takes one."""
    found: list[CheckMessage] = []
    for decision in DECISIONS:
        if not isinstance(getattr(decision, "event", None), EventKind):
            text = f"The decision {DECISIONS.known_by(decision)} names no event of the trail."
            found.append(Error(text, id="rooms.E013"))
        if decision.transition and not hasattr(getattr(decision.model, decision.transition, None), "_django_fsm"):
            text = f"The decision {DECISIONS.known_by(decision)} takes {decision.transition}, which is no transition."
            found.append(Error(text, id="rooms.E014"))
        if decision.confirm_permissions() and type(decision).take is not Decision.take:
            text = (
                f"The decision {DECISIONS.known_by(decision)} is confirmed by another person and has steps of its own."
            )
            found.append(Error(text, hint="What two people do is taken by `carry_out` alone.", id="rooms.E017"))
    return found


def every_entry_has_its_page(**_: Any) -> list[CheckMessage]:
    """An entry of the sidebar, and a number of the home page, lead to a page that there is."""
    found: list[CheckMessage] = [
        Error(f"The entry {str(screen.title)!r} of the sidebar leads to {screen.page}: no such page.", id="rooms.E008")
        for screen in SCREENS
        if not _is_page(screen.page)
    ]
    for counter in COUNTERS:
        if not _is_page(counter.page):
            text = f"The number {str(counter.label)!r} leads to {counter.page}: no such page."
            found.append(Error(text, id="rooms.E009"))
        elif trouble := _filter_trouble(counter):
            text = f"The number {str(counter.label)!r} is not what its list would show: {trouble}."
            found.append(Error(text, id="rooms.E010"))
    return found


def every_panel_has_its_page(**_: Any) -> list[CheckMessage]:
    """A panel stands on the page of a case, its records belong to that case, and have a list and pages of their own."""
    found: list[CheckMessage] = []
    for panel in PANELS:
        who = f"The panel {str(panel.title)!r} of {panel.model._meta.label} on {panel.on._meta.label}"
        if not isinstance(admin.site._registry.get(panel.on), CaseAdmin):
            found.append(Error(f"{who} has no page to stand on: no CaseAdmin shows that model.", id="rooms.E011"))
        if not isinstance(admin.site._registry.get(panel.model), DeskAdmin):
            found.append(Error(f"{who} leads nowhere: its records have no list.", id="rooms.E011"))
        if not _leads_to(panel.model, panel.via, panel.on):
            found.append(Error(f"{who} is reached by no {panel.via!r} of its records.", id="rooms.E012"))
    return found


def every_report_can_be_seen(**_: Any) -> list[CheckMessage]:
    """A report has a code for its address, filters that are told from its other questions, and somebody to see it."""
    found: list[CheckMessage] = []
    for report in REPORTS:
        names = [one.name for one in report.filters]
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", report.code):
            found.append(Error(f"The code {report.code!r} of a report is no word of an address.", id="rooms.E018"))
        if twice := sorted({name for name in names if names.count(name) > 1 or name in QUESTIONS}):
            text = f"The report {report.code} has filters called as another question of it: {', '.join(twice)}."
            found.append(Error(text, id="rooms.E019"))
        if not any({PERMISSION, report.permission} <= held for held in rooms.grants().values()):
            text = f"No role sees the report {report.code}: none holds {PERMISSION} and {report.permission}."
            found.append(Error(text, id="rooms.E020"))
    return found


def every_record_says_its_unit(**_: Any) -> list[CheckMessage]:
    """What is on the desk belongs to a unit, by a path, or to none: what says neither would be seen by everybody."""
    found: list[CheckMessage] = []
    for model in admin.site._registry:
        if "unit_path" not in vars(model):
            text = f"{model._meta.label} is on the desk and does not say whose it is."
            hint = 'Give it a unit_path such as "order__unit", or None where it belongs to no unit (staff/units.py).'
            found.append(Error(text, hint=hint, id="rooms.E015"))
        elif (path := path_of(model)) and model is not Unit and not _leads_to(model, path, Unit):
            found.append(Error(f"{model._meta.label} has no unit at {path!r}.", id="rooms.E016"))
    for naming in NAMINGS:
        if not getattr(naming.case, "unit_path", None):
            text = f"{naming.model._meta.label} names {naming.case._meta.label}, which belongs to no unit."
            found.append(Error(text, id="rooms.E016"))
    return found


def permissions() -> set[str]:
    """Every permission that a model declares, as "app_label.codename"."""
    return {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename in (
            *(get_permission_codename(action, model._meta) for action in model._meta.default_permissions),
            *(codename for codename, _name in model._meta.permissions),
        )
    }


def _asked() -> Iterator[tuple[str, str]]:
    """Each permission that an offer asks for, and who asks."""
    for decision in DECISIONS:
        for permission in (decision.permission, *decision.confirm_permissions()):
            yield permission, f"The decision {DECISIONS.known_by(decision)}"
    for screen in SCREENS:
        yield screen.permission, f"The entry {str(screen.title)!r} of the sidebar"
    for counter in COUNTERS:
        for permission in filter(None, (counter.permission, counter.duty)):
            yield permission, f"The number {str(counter.label)!r}"
    for notice in NOTICES:
        for permission in notice.permissions:
            yield permission, f"The notice {notice.flag.__name__}"
    for panel in PANELS:
        yield panel.permission, f"The panel {str(panel.title)!r}"
    for report in REPORTS:
        yield report.permission, f"The report {report.code}"
    for figure in FIGURES:
        yield figure.permission, f"The figure {str(figure.label)!r} of the dashboard"


def _event_kinds() -> Iterator[tuple[str, Any]]:
    yield from ((kind.code, kind) for kind in EVENTS)
    yield from ((kind.code, kind) for decision in DECISIONS for kind in decision.events() if kind)


def _details() -> Iterator[tuple[str, Any]]:
    yield from DETAILS.items()
    yield from ((name, detail) for decision in DECISIONS for name, detail in decision.detail_names.items())


def _differing(named: Iterator[tuple[str, Any]]) -> list[str]:
    """The names that stand for more than one thing."""
    known: dict[str, Any] = {}
    return sorted({name for name, one in named if known.setdefault(name, one) != one})


def _lists_of(source: str) -> Iterator[str]:
    """The public constants that a module's text defines."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper() and not target.id.startswith("_"):
                yield target.id


def _is_page(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _filter_trouble(counter: HomeCounter) -> str:
    """Why the list does not narrow itself as the counter does; empty where it does."""
    listed = admin.site._registry[counter.model]
    if not isinstance(listed, DeskAdmin):
        return "it is no list of the desk"
    for name, value in counter.filters.items():
        try:
            counter.model._meta.get_field(name)
        except FieldDoesNotExist:
            return f"{counter.model._meta.label} has no column {name}"
        lookup = f"{name}__isempty" if value is None else f"{name}__exact"
        if not listed.lookup_allowed(lookup, "1"):
            return f"the list has no filter for {name}"
    if counter.choice:
        listed_by, value = counter.choice
        if listed_by not in listed.list_filter or value not in listed_by.choices_of_rows:
            return f"the list has no choice {value} in {listed_by.__name__}"
    return ""


def _leads_to(model: type[Model], path: str, case: type[Model]) -> bool:
    try:
        return get_fields_from_path(model, path)[-1].related_model is case
    except (FieldDoesNotExist, NotRelationField):
        return False


def _twice(kind: str, name: str) -> CheckMessage:
    return Error(f"{name} is offered twice under {kind}.", id="rooms.E003")
