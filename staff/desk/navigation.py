"""The sidebar: every page that this person may see, in the order of the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from staff.desk.page import Text
from staff.offered import Offered


class Group(TextChoices):
    """What stands together in the sidebar; the groups in their order."""

    CASES = "cases", _("Guarantees")
    MONEY = "money", _("Money")
    REPORTS = "reports", _("Reports")
    PLATFORMS = "platforms", _("Platforms")
    HOUSE = "house", _("Administration")


@dataclass(frozen=True)
class Search:
    """The search in the head of every page: what it is called, and what may be typed."""

    title: Text
    hint: Text


@dataclass(frozen=True)
class Screen:
    """An entry of the sidebar.

    `page` is the URL name of any page of the desk that needs no arguments ("admin:guarantees_application_changelist"),
    shown to whoever holds `permission`. Within its group the entry with the smaller `place` comes first. A page that no
    ModelAdmin has brings its `view` along: "admin:premiums" is then served below the site's address at premiums/, and
    nobody without the permission gets to see it. A list that is searched by `q` may lend its search to the head of
    every page; each person has the first such one that they may see.
    """

    title: Text
    icon: str
    page: str
    permission: str
    group: Group
    place: int
    view: Callable[[HttpRequest], HttpResponse] | None = None
    search: Search | None = None

    @property
    def url(self) -> str:
        return reverse(self.page)

    @property
    def name(self) -> str:
        """The page's name within the site."""
        return self.page.rpartition(":")[2]


SCREENS: Offered[Screen] = Offered("SCREENS", Screen, known_by=lambda screen: screen.page)


def pages(wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> list[URLPattern]:
    """The addresses of the pages that entries bring along; `wrap` is the site's, which asks for the sign-in."""
    return [path(f"{screen.name}/", wrap(_guarded(screen)), name=screen.name) for screen in SCREENS if screen.view]


def _guarded(screen: Screen) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        if screen.view is None or not request.user.has_perm(screen.permission):
            raise PermissionDenied
        return screen.view(request)

    return view


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups as the theme takes them; a group of which nothing may be seen is left out."""
    home = reverse("admin:index")
    links = {screen.page: screen.url for screen in SCREENS if request.user.has_perm(screen.permission)}
    here = _here(request.path, list(links.values())) or home
    first = {"title": _("Home"), "icon": "home", "link": home, "active": request.path == home}
    groups: list[dict[str, Any]] = [{"title": None, "items": [first]}]
    for group in Group:
        items = [
            {"title": screen.title, "icon": screen.icon, "link": link, "active": link == here}
            for screen in sorted(SCREENS, key=lambda screen: screen.place)
            if screen.group is group and (link := links.get(screen.page))
        ]
        if items:
            groups.append({"title": group.label, "items": items})
    return groups


def searched(request: HttpRequest) -> Screen | None:
    """The list that the head of this person's pages searches."""
    return next((screen for screen in SCREENS if screen.search and request.user.has_perm(screen.permission)), None)


def _here(path: str, links: list[str]) -> str | None:
    """The entry to which the page belongs: a page may have one of its own below a list's."""
    return max((link for link in links if path.startswith(link)), key=len, default=None)
