"""The admin site: sign-in, home, language; the screens are the rooms'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from staff.desk.home import home
from staff.desk.navigation import pages, searched
from staff.desk.reports.files import report_file_view
from staff.desk.reports.own_files import own_file_view
from staff.desk.reports.pages import report_view, reports_view
from staff.desk.reports.report import PERMISSION
from staff.desk.reports.subscribing import leave_view, subscribe_view
from staff.desk.return_address import leads_to_a_page
from staff.desk.set_password import set_password
from staff.desk.sign_in import SignInForm
from staff.models import User
from staff.models.unit import HEAD_OFFICE
from staff.offered import Offered
from staff.roles import Role

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
else:
    from unfold.sites import UnfoldAdminSite as AdminSite


def person_unit(request: HttpRequest) -> str:
    person = request.user
    return str(person.unit) if isinstance(person, User) and person.unit_id != HEAD_OFFICE else ""


@dataclass(frozen=True)
class Login:
    """One account that the sign-in page of a demonstration offers to anybody."""

    username: str
    name: str
    role: Role
    password: str


LOGINS: Offered[Login] = Offered("LOGINS", Login, known_by=lambda login: login.username)


class DeskSite(AdminSite):
    site_title = site_header = _("Guarantee desk")
    index_title = _("Home")
    enable_nav_sidebar = True
    empty_value_display = "—"
    login_form = SignInForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Every account works here; what it may do is its roles'."""
        return bool(request.user.is_active)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("language/", set_language, name="set_language"),
            path("set-password/<str:secret>/", set_password, name="set_password"),
            path("reports/", self.admin_view(self.reports), name="reports"),
            path("files/<int:pk>/file/", self.admin_view(own_file_view), name="own_file"),
            path("files/subscriptions/<int:pk>/leave/", self.admin_view(leave_view), name="leave_subscription"),
            path("reports/<slug:code>/subscribe/", self.admin_view(self.subscribe), name="subscribe"),
            path("reports/<slug:code>/", self.admin_view(self.report), name="report"),
            path("reports/<slug:code>/file/<slug:form>/", self.admin_view(self.report_file), name="report_file"),
            *pages(self.admin_view),
            *super().get_urls(),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **super().each_context(request),
            "demonstration": settings.DEMONSTRATION,
            "searched": searched(request),
            "languages": settings.LANGUAGES,
            # Of a person of the head office nobody need be told whose they are.
            "person_unit": person_unit(request),
            "person_roles": request.user.roles if request.user.is_authenticated else [],
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Every page has it in its context and hardly one shows it, since the sidebar is our own: it is made of all
        screens, sorted in the person's language, once somebody looks at it."""
        found = super().get_app_list
        return cast("list[Any]", SimpleLazyObject(lambda: found(request, app_label)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().index(request, {**home(cast("User", request.user)), **(extra_context or {})})

    def reports(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return reports_view(request, self._site_of(request))

    def report(self, request: HttpRequest, code: str) -> HttpResponse:
        return report_view(request, code, self._site_of(request))

    def subscribe(self, request: HttpRequest, code: str) -> HttpResponse:
        return subscribe_view(request, code, self._site_of(request))

    def report_file(self, request: HttpRequest, code: str, form: str) -> HttpResponseBase:
        return report_file_view(request, code, form, self._site_of(request))

    def _site_of(self, request: HttpRequest) -> dict[str, Any]:
        request.current_app = self.name
        return self.each_context(request)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The search for screens; an address by hand may ask for a page that there is none of."""
        try:
            return super().search(request, extra_context)  # type: ignore[misc]
        except (InvalidPage, ValueError):
            raise Http404 from None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        logins = list(LOGINS) if settings.DEMONSTRATION else []
        answer: HttpResponse = super().login(request, {"demonstration_logins": logins, **(extra_context or {})})
        if answer.status_code == 302 and not leads_to_a_page(answer.headers["Location"]):
            return redirect("admin:index")
        return answer

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Ends where the next person begins."""
        return LogoutView.as_view(next_page="admin:login")(request)
