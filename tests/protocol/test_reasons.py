"""Each failure carries its true reason for our own record; the answer stays bare (decisions C7)."""

from __future__ import annotations

import pytest

from protocol.errors import Reason, reason_of


def test_an_error_of_python_that_has_a_reason_of_its_own_carries_none() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    assert reason_of(caught.value, Reason.NOT_OPENED) is Reason.NOT_OPENED
