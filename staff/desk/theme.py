"""What django-unfold is told: names, colours, the sidebar, our own style and script."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def style(name: str) -> Callable[[HttpRequest], str]:
    """The address of one of the desk's style sheets, found when a page asks for it."""
    return lambda request: static(f"desk/{name}.css")


def script(request: HttpRequest) -> str:
    return static("desk/desk.js")


def icon(request: HttpRequest) -> str:
    return static("desk/icon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Guarantee desk"),
    "SITE_HEADER": _("Guarantee desk"),
    "SITE_SYMBOL": "verified_user",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "THEME": "light",
    "BORDER_RADIUS": "6px",
    "STYLES": [
        style("desk"),
        style("lists"),
        style("case"),
        style("calendar"),
        style("roster"),
        style("kept"),
        style("reports"),
        style("forms"),
    ],  # the last overrides
    "SCRIPTS": [script],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "staff.desk.navigation.sidebar",
    },
    "COLORS": {
        # A quiet slate, and the blue of official ink.
        "primary": {
            "50": "oklch(97.2% .012 250)",
            "100": "oklch(94% .026 250)",
            "200": "oklch(88.5% .052 251)",
            "300": "oklch(80% .09 252)",
            "400": "oklch(69% .13 254)",
            "500": "oklch(58% .15 256)",
            "600": "oklch(49.5% .15 257)",
            "700": "oklch(43% .13 257)",
            "800": "oklch(37% .105 257)",
            "900": "oklch(32% .08 257)",
            "950": "oklch(24% .06 257)",
        },
    },
}
