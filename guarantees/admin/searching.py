"""The search of a list: in folded texts, so that a name or number is found however it is written (decisions F8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guarantees.admin.personal import may_see_personal_data
from protocol import folding, searching
from staff.audit import record_of
from staff.desk.record import has_too_many_words
from staff.events import EventKind
from staff.models import User

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object

SEARCHED = EventKind("personal_data.searched", _("Personal data searched"), "person_search")
#: What may be a telephone, an ID number, a passport or an account, once it is folded.
PERSONAL = re.compile(r"[A-Z]{0,2}\(?[0-9]{6,32}\)?[0-9A-Z]{0,2}\)?")


class FoldedSearch(Base):
    """Every word must be found somewhere: in the folded texts that `folded` leads to, or in `search_fields`.

    With `personal_search` a telephone, ID number or account is found too, by its whole value only and by those who
    may see personal data; it stands on the trail that they looked for one.
    """

    folded: Mapping[str, type[models.Model]] = {}
    personal_search = False
    #: What the help says instead to those who may not search personal data.
    search_help_without_personal_data: Any = ""

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        if has_too_many_words(search_term):
            return queryset.none(), False
        words = Q()
        for word in search_term.replace("\0", "").split():
            words &= self.found(word)
        listed = queryset.filter(words)
        if personal := self._by_personal_data(request, queryset, listed, search_term):
            return queryset.filter(words | personal), False
        return listed, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        listed = super().get_changelist_instance(request)
        if self.personal_search and not may_see_personal_data(cast("User", request.user)):
            listed.search_help_text = self.search_help_without_personal_data
        return listed

    def found(self, word: str) -> Q:
        """Where one word is looked for."""
        found = Q(pk__in=[])
        for path, model in self.folded.items():
            found |= searching.containing(model, word, path)
        for name in self.search_fields:
            found |= Q(**{name if "__iexact" in name else f"{name}__icontains": word})
        return found

    def _by_personal_data(
        self, request: HttpRequest, queryset: models.QuerySet[Any], listed: models.QuerySet[Any], term: str
    ) -> Q | None:
        """What matches a person's data, for those who may; on the trail, unless it was another number they meant."""
        person = cast("User", request.user)
        if not self.personal_search or not PERSONAL.fullmatch(folding.number(term)):
            return None
        if not may_see_personal_data(person):
            return None
        having = searching.having(self.model, term)
        matches = queryset.filter(having).count()
        if matches or not listed.exists():
            # How many, and never what was searched for.
            record_of(person, SEARCHED, {"list": self.opts.label, "rows": matches})
        return having
