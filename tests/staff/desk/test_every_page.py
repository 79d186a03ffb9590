"""Every page of the desk that a link leads to, full of texts that a platform may send: none is shown as markup.

And what the house itself says there is Chinese.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from guarantees.letter.wording.particulars import PLACEHOLDERS
from guarantees.models import Guarantee
from protocol.dialect import CHOICES
from protocol.prep.transcodes import TABLES
from staff.models import User
from staff.parameters import PARAMETERS
from staff.word_lists import WORD_LISTS
from tests.institution import applied, cancellation, demanded, issued, withdrawal
from tests.platform import APPLICATION, Platform

HOSTILE = "<script>alert(1)</script><b class=\"x\" title='y'>&amp;\"'"
#: What a hostile text is when it stands there as text, however a template escapes its quotes.
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b class=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;amp;&quot;&#x27;"
LINK = re.compile(r'href="(/admin/[^"#?]*)')
#: Files, and what ends the session or changes the language.
NOT_PAGES = re.compile(r"/(logout|export|letter|file|document|preview|release|text|jsi18n)/|\.txt|\.pdf")
MOST_PAGES = 250


def reader() -> Client:
    """Somebody who sees all, before whom a life of every kind of case lies, hostile wherever a platform writes."""
    platform = Platform()
    texts = dict.fromkeys(("supplier", "purchaseName", "bidName", "projectName", "supplierAddress"), HOSTILE)
    applied(platform, **texts, applicationId="SQ<b>1", ext1=HOSTILE)
    letter = issued(platform, **texts)
    demanded(platform, letter, claimReason=HOSTILE, openBank=HOSTILE, companyName=HOSTILE)
    cancellation(platform, letter)
    withdrawal(platform, APPLICATION["applicationId"], "01")
    client = Client()
    client.force_login(User.objects.create_superuser("all", name="全"))
    return client


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Address and content of each page that links lead to from the first one."""
    waiting, seen = deque(["/admin/"]), {"/admin/"}
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, follow=True)
        if not answer.headers["Content-Type"].startswith("text/html") or answer.streaming:
            continue
        content = answer.content.decode()
        assert answer.status_code in (200, 403), address
        yield address, content
        for link in LINK.findall(content):
            if link not in seen and not NOT_PAGES.search(link) and len(seen) < MOST_PAGES:
                seen.add(link)
                waiting.append(link)


@dataclass
class Site:
    """What the pages were, and what stood on them that no word of ours is."""

    pages: list[tuple[str, str]]
    codes: list[str]


@pytest.fixture(scope="module")
def seen() -> list[Site]:
    """The site, once it was looked through: that takes a while."""
    return []


@pytest.fixture
def site(db: None, institution: Any, seen: list[Site]) -> Site:
    if not seen:
        looked_at = list(pages(reader()))
        seen.append(Site(looked_at, list(Guarantee.objects.values_list("verification_code", flat=True))))
    return seen[0]


def test_no_text_of_a_platform_becomes_markup_and_no_markup_becomes_text(site: Site) -> None:
    shown = 0
    for address, content in site.pages:
        assert "<script>alert" not in content, address
        assert not re.search(r"&lt;(span|a|del|strong|br|p|div)\b", content), address
        assert "&amp;lt;" not in content, address
        shown += ESCAPED in content
    assert shown > 15


#: Each script of the theme that not every page needs, and what on a page needs it.
SCRIPTS = {
    "chart/chart.js": r'class="[^"]*\bchart\b',
    "htmx/htmx.js": r"\shx-(get|post|trigger)=",
    "alpine/alpine.sort.js": r"\sx-sort\b",
    "alpine/alpine.anchor.js": r"\sx-anchor\b",
    "alpine/alpine.resize.js": r"\sx-resize=",
}


def test_scripts_are_loaded_by_the_pages_that_use_them_and_by_no_other(site: Site) -> None:
    wrong, lists = [], 0
    for address, content in site.pages:
        for script, use in SCRIPTS.items():
            loads = f"unfold/js/{script}" in content
            if loads != bool(re.search(use, content)):
                wrong.append((address, script, loads))
            lists += loads
    assert wrong == []
    assert lists > 10


# --- The language -----------------------------------------------------------------------------------------------------
#: What a professional in China writes in Latin letters too: names of formats and of the agreement with a platform.
LATIN = {
    *(
        "english",
        "platform",
        "person",
        "cashier",
        "reviewer",
        "issuer",
        "underwriter",
        "all",
    ),  # names in this test's world
    "hq",  # the head office's code, beside its name
    *(parameter.code for parameter in PARAMETERS),
    *(listed.code for listed in WORD_LISTS),
    *("appid", "appkey", "appsecret", "msgcode", "reqtime", "data", "sign", "http", "post", "json", "utf"),
    *("pdf", "ofd", "jpeg", "png", "mb", "xlsx", "csv", "txt", "pem", "der", "spki", "tls", "sha", "demonstration"),
    *(name.casefold() for name in PLACEHOLDERS),
    *(field.name.casefold() for table in TABLES.values() for field in table.request if not field.name.islower()),
    *(value.casefold() for choice in CHOICES for value in choice.values),
}
#: A word of two letters and more; with a digit in it, it is a number, a name of the specification or an address.
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]*[A-Za-z0-9]")
#: Addresses, and keys in base64.
LITERALS = re.compile(r"https?://\S+|[A-Za-z0-9+/=]{40,}")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
#: How the desk marks a row that holds a code, a picture that is written as a word, and a wording's text.
LITERAL = {"row-code", "material-symbols-outlined", "wording-source"}


class Prose(HTMLParser):
    """Collects what a page says to its reader, without codes, keys and the pictures that are written as words."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[bool] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.texts += [given[name] for name in ("title", "placeholder", "aria-label", "alt") if name in given]
        literal = tag in ("script", "style", "code", "pre") or LITERAL & set(given.get("class", "").split())
        if tag not in VOID:
            self._silent.append(bool(literal) or self.is_silent)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.texts.append(data)

    @property
    def is_silent(self) -> bool:
        return bool(self._silent) and self._silent[-1]


def foreign(content: str, codes: list[str]) -> set[str]:
    """The English words of a page that nobody allowed, and that are none of the letters' `codes`."""
    prose = "\n".join(Prose(content).texts)
    cut = [f"{HOSTILE[:length]}…" for length in range(len(HOSTILE), 5, -1)]  # as charts have long names
    for text in ("SQ<b>1", HOSTILE, json.dumps(HOSTILE)[1:-1], *cut, *codes):
        prose = prose.replace(text, "")
    prose = LITERALS.sub("", prose)
    return {word for word in WORD.findall(prose) if not re.search(r"\d", word) and word.casefold() not in LATIN}


def test_a_chinese_page_says_nothing_in_english(site: Site) -> None:
    found = defaultdict(list)
    for address, content in site.pages:
        for word in foreign(content, site.codes):
            found[word].append(address)
    assert dict(found) == {}, sorted(found)
