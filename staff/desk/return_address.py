"""Where sign-in may lead: to a page that can be read, whatever the address before it said."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

#: Addresses that answer to no click: they do something, are a part of a page, or catch what is none.
NO_PAGES = {"login", "logout", "set_language", "jsi18n", "autocomplete", None}


def leads_to_a_page(address: str) -> bool:
    """Whether a path of ours, already known to be of this host, is a page's."""
    try:
        return resolve(urlsplit(address).path).url_name not in NO_PAGES
    except (Resolver404, ValueError):
        return False
