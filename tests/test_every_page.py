"""Every page of the desk that a link leads to, full of texts that a platform may send: none is shown as markup."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from staff.models import User
from tests.claims.test_demand import demanded
from tests.institution import applied, cancellation, issued, withdrawal
from tests.platform import APPLICATION, Platform

HOSTILE = "<script>alert(1)</script><b class=\"x\" title='y'>&amp;\"'"
#: What a hostile text is when it stands there as text, however a template escapes its quotes.
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b class=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;amp;&quot;&#x27;"
LINK = re.compile(r'href="(/admin/[^"#?]*)')
#: Files, and what ends the session or changes the language.
NOT_PAGES = re.compile(r"/(logout|export|letter|file|document|preview|release|text|jsi18n)/|\.txt|\.pdf")
MOST_PAGES = 250


@pytest.fixture
def platform(db: None, institution: Any) -> Platform:
    cache.clear()
    return Platform()


@pytest.fixture
def reader(platform: Platform) -> Client:
    """Somebody who sees all, before whom a life of every kind of case lies, hostile wherever a platform writes."""
    texts = dict.fromkeys(("supplier", "purchaseName", "bidName", "projectName", "supplierAddress"), HOSTILE)
    applied(platform, **texts, applicationId="SQ<b>1", ext1=HOSTILE)
    letter = issued(platform, **texts)
    demanded(platform, letter, claimReason=HOSTILE, openBank=HOSTILE, companyName=HOSTILE)
    cancellation(platform, letter)
    withdrawal(platform, APPLICATION["applicationId"], "01")
    client = Client()
    client.force_login(User.objects.create_superuser("all", name="All of it"))
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


def test_no_text_of_a_platform_becomes_markup_and_no_markup_becomes_text(reader: Client) -> None:
    shown = 0
    for address, content in pages(reader):
        assert "<script>alert" not in content, address
        assert not re.search(r"&lt;(span|a|del|strong|br|p|div)\b", content), address
        assert "&amp;lt;" not in content, address
        shown += ESCAPED in content
    assert shown > 15
