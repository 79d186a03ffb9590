"""What must hold before the site starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from protocol.crypto import sm2
from protocol.handlers import unanswered


@register()
def every_transcode_has_a_handler(**_: Any) -> list[CheckMessage]:
    missing = sorted(unanswered())
    if not missing:
        return []
    return [Error(f"Nobody handles {', '.join(missing)}; a room registers its handlers in AppConfig.ready.", id="E001")]


@register()
def the_arithmetic_knows_its_answers(**_: Any) -> list[CheckMessage]:
    try:
        sm2.self_test()
    except Exception as error:  # noqa: BLE001 (whatever it is, the site must not start)
        return [Error(f"The SM2 self-test fails: {error}.", id="E002")]
    return []
