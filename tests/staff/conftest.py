from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from tests.platform import Platform


@pytest.fixture(autouse=True)
def _empty_buckets() -> None:
    cache.clear()


@pytest.fixture
def platform(db: None, institution: Any) -> Platform:
    return Platform()
