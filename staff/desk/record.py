"""The base of all screens: a list, and a page to read. Nothing is added, changed or deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib.admin import ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import DataError, models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.audit import history
from staff.desk.export import ExportAdmin
from staff.desk.filters import OnlyOf
from staff.desk.page import Badge, Flag, Section
from staff.desk.panels import paths_from
from staff.desk.timeline import audit_events
from staff.desk.units import OfUnits
from staff.models import User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin

    ModelAdmin = DjangoModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin


#: How the filters of a list ask for a value.
SIMPLE_LOOKUPS = ("exact", "isnull", "isempty", "in")
#: More words than any text has that is looked for; SQLite takes no question of a thousand conditions.
MOST_WORDS = 100


def _columns(model: type[models.Model]) -> set[str]:
    names = {field.name for field in model._meta.get_fields()}
    return names | {getattr(field, "attname", field.name) for field in model._meta.get_fields()} | {"pk"}


def _is_instant(model: type[models.Model], path: str) -> bool:
    """Whether a path of lookups leads to a date with its time."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = (field.related_model if field else model)._meta.get_field(name)
        except (AttributeError, FieldDoesNotExist):
            return False
    return isinstance(field, models.DateTimeField)


def has_too_many_words(term: str) -> bool:
    """Whether it is no search: nothing is found by it."""
    return len(term.split()) > MOST_WORDS


class DeskAdmin(OfUnits, ExportAdmin, ModelAdmin):
    """A list with tabs for its states, an export, and a history that is the audit trail's."""

    actions = None
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_before_template = "desk/above_list.html"
    #: The column whose values are offered as tabs above the list.
    tabs_field = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "state_tabs": self.state_tabs(request),
            "list_links": self.list_links(request),
            "exports": self.exports(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, {**one_button, **(extra_context or {})})

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """What Django finds wrong with a filter's value only when the database is asked is a wrong filter as well: a
        number or a day beyond what a column can hold."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError, DataError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Its own filters, and those by which other pages lead to it."""
        return [*super().get_list_filter(request), *((path, OnlyOf) for path in paths_from(self.model))]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if has_too_many_words(search_term):
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """A list is narrowed by its filters, its tabs and its search alone; an address may ask for no other column."""
        narrowed = {self.tabs_field} if self.tabs_field else set()
        for entry in self.get_list_filter(cast("HttpRequest", request)):
            one = entry[0] if isinstance(entry, (tuple, list)) else entry
            if isinstance(one, str):
                narrowed.add(one)
        path, _, last = lookup.rpartition("__")
        asked = path if last in SIMPLE_LOOKUPS else lookup
        if last not in ("isnull", "isempty") and _is_instant(self.model, asked):
            return False  # nobody means the very second; a day is asked for by its filter
        return asked.removesuffix("__id") in narrowed or lookup.split("__")[0] not in _columns(self.model)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What else can be done from the list: `label` and `url` of each."""
        return []

    def exports(self, request: HttpRequest) -> list[dict[str, str]]:
        """A link for each form in which this person may take out what the list shows."""
        if not self.may_export(request):
            return []
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        query = request.GET.urlencode()
        return [{"label": form.upper(), "url": f"{reverse(name, args=[form])}?{query}"} for form in ("xlsx", "csv")]

    def state_tabs(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Each value of `tabs_field` as a link that keeps the other filters."""
        if not self.tabs_field:
            return []
        parameter = f"{self.tabs_field}__exact"
        chosen = request.GET.get(parameter, "")
        field = cast("models.Field[Any, Any]", self.opts.get_field(self.tabs_field))
        choices = cast("Sequence[tuple[str, Any]]", field.choices or [])
        return [
            {"label": label, "query": _with(request.GET, parameter, value), "chosen": chosen == value}
            for value, label in [("", _("All")), *choices]
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.page_context(request, record),
            "title": _("History"),
            "events": audit_events(history(record), cast("User", request.user)),
        }
        return TemplateResponse(request, "desk/history.html", context)

    def page_context(self, request: HttpRequest, record: models.Model) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": self.shown_as(record),
            "title": str(self.shown_as(record)),
            "is_popup": False,
            "unit": self.unit_name(record, cast("User", request.user)),
        }

    def shown_as(self, record: Any) -> Any:
        """What stands at the head of its pages: the record, as its text says, unless people call it otherwise."""
        return record

    # One trail of what happened, staff.audit's; Django's own log would be a second one that can be edited.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None


class RecordAdmin(DeskAdmin):
    """A page of sections to read. Subclasses say in `sections` what stands on it."""

    page_template = "desk/record.html"
    #: Who may begin a new one here; empty where that is nobody's work.
    add_permission: ClassVar[str] = ""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return bool(self.add_permission) and cast("User", request.user).has_perm(self.add_permission)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return TemplateResponse(request, self.page_template, self.page_context(request, record))

    def page_context(self, request: HttpRequest, record: models.Model) -> dict[str, Any]:
        person = cast("User", request.user)
        return {
            **super().page_context(request, record),
            "heading": self.heading(record),
            "badge": self.badge(record),
            "flags": self.flags(record, person),
            "sections": self.sections(record, person),
        }

    def heading(self, record: Any) -> str:
        """The line under the title: who and what, in a few words."""
        return ""

    def badge(self, record: Any) -> Badge | None:
        """The state."""
        return None

    def flags(self, record: Any, person: User) -> list[Flag]:
        return []

    def sections(self, record: Any, person: User) -> list[Section]:
        raise NotImplementedError


def _with(query: QueryDict, parameter: str, value: str) -> str:
    changed = query.copy()
    changed.pop(parameter, None)
    changed.pop("p", None)
    if value:
        changed[parameter] = value
    return f"?{changed.urlencode()}"
