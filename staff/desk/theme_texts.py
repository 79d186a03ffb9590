"""django-unfold ships no Chinese. What our pages show of its texts is named here, so that our catalogue has it."""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

TEXTS = [
    gettext_noop("Filters"),
    gettext_noop("Apply Filters"),
    gettext_noop("Reset filters"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("No results found"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Type to search"),
    gettext_noop("Expand row"),
    gettext_noop("Sorting priority: %(priority_number)s"),
    gettext_noop("%(full_result_count)s total"),
    gettext_noop("Dark"),
    gettext_noop("Light"),
    gettext_noop("System"),
    gettext_noop("General"),
    gettext_noop("Go back"),
    gettext_noop("True"),
    gettext_noop("False"),
    gettext_noop("Cancel"),
    gettext_noop("Submit"),
    gettext_noop("Run"),
    gettext_noop("More actions"),
    gettext_noop("Select value"),
    gettext_noop("Select record"),
    gettext_noop("Select all rows"),
    gettext_noop("Select action to run"),
    gettext_noop("Choose file to upload"),
    gettext_noop("Toggle password visibility"),
    gettext_noop("Enter a new password for the user <strong>%(username)s</strong>."),
    gettext_noop("Add %(name)s"),
]
COUNTED = ngettext_lazy("%(counter)s result", "%(counter)s results")
