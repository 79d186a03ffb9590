"""Which static files of the theme and of Django are served and collected: those that pages use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

#: Charts are drawn on the server (`staff.desk.reports.charts`), so nobody loads the theme's Chart.js.
LEFT_OUT = ("unfold/js/chart/*",)


class UsedFinder(AppDirectoriesFinder):
    """All but what is left out."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        yield from super().list([*(ignore_patterns or ()), *LEFT_OUT])

    def find_in_app(self, app: str, path: str) -> str | None:
        if any(fnmatch(path, pattern) for pattern in LEFT_OUT):
            return None
        return super().find_in_app(app, path)
