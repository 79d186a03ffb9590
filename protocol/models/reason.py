"""Why a message was refused, as people read it: the labels of protocol/errors.py in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from protocol.errors import Reason

REASON_TEXTS = {reason: gettext_lazy(reason.label) for reason in Reason}
REASONS = [(reason.value, text) for reason, text in REASON_TEXTS.items()]
