"""The theme under a strict Content-Security-Policy, and its templates that we replace."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import unfold
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from staff.roles import Role

THEIRS = Path(unfold.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
#: The SHA-256 of each template of the theme from which one of ours was made. Where an upgrade changes one,
#: compare the two, carry over what matters, then write the new digest here.
MADE_FROM = {
    "admin/index.html": "9fdb849b7da18ccde0e5dda1923465830718700726570ea70554bffe1f012115",
    "admin/login.html": "13deb7765ce366590d73a58f260f438aa8a3580851a7540b542c451e445c6b78",
    "unfold/helpers/header.html": "d30d2ed9f06b45f3e06e2739233ee85d8f2f81d25e97780cc2d49e753de22eea",
    "unfold/helpers/navigation_user.html": "4c9ba58b3f215326703c699fff40b582b10125257f7357126531e2cd73785716",
    "unfold/layouts/skeleton.html": "66af9f0bb45f98ba4e16ba5e5a11f36d87b8e07430d19066d088b29548491c2e",
}


def replaced() -> set[str]:
    paths = (path.relative_to(OURS).as_posix() for path in OURS.rglob("*.html"))
    return {path for path in paths if (THEIRS / path).exists()}


def test_every_replaced_template_is_known() -> None:
    assert replaced() == MADE_FROM.keys()


@pytest.mark.parametrize("path", MADE_FROM)
def test_the_theme_still_has_the_template_that_ours_was_made_from(path: str) -> None:
    assert hashlib.sha256((THEIRS / path).read_bytes()).hexdigest() == MADE_FROM[path]


def test_alpine_is_the_build_that_needs_no_eval() -> None:
    found = finders.find("unfold/js/alpine/alpine.js")
    assert found == str(Path(settings.BASE_DIR) / "static/unfold/js/alpine/alpine.js")


def test_the_policy_allows_our_scripts_and_no_eval(desk: Callable[[Role], Client]) -> None:
    policy = desk(Role.UNDERWRITER).get("/admin/").headers["Content-Security-Policy"]
    directives = dict(directive.strip().split(" ", 1) for directive in policy.split(";") if directive.strip())
    assert directives["script-src"] == "'self'"
    assert "unsafe-eval" not in policy


def test_chart_js_is_neither_loaded_nor_served(desk: Callable[[Role], Client]) -> None:
    """Charts are drawn on the server."""
    theirs = "unfold/js/chart/chart.js"
    assert (THEIRS.parent / "static" / theirs).exists()
    assert finders.find(theirs) is None
    collected = {path for finder in finders.get_finders() for path, _storage in finder.list([])}
    assert "unfold/js/app.js" in collected
    assert not any("chart" in path for path in collected)
    manager = desk(Role.MANAGER)
    assert manager.get(f"/static/{theirs}").status_code == 404
    assert all("chart.js" not in manager.get(page).content.decode() for page in ("/admin/", "/admin/reports/monthly/"))


@pytest.mark.parametrize("path", sorted((OURS / "desk").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_of_ours_has_script_or_style_within(path: Path) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", path.read_text())


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.ADMINISTRATOR])
def test_no_page_asks_another_host_for_anything(desk: Callable[[Role], Client], role: Role) -> None:
    page = desk(role).get("/admin/").content.decode()
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', page)
