"""Whether a letter can be issued now: one judgement for approvals, the home page, the start-up check and the watch.

A sample is made by the very road of a letter, in the wording and with the seal, the key and the evidence that the next
letter gets, and judged by the verification that judges every file. It is marked 样本 and kept nowhere.

What was found holds for a while: a key elsewhere and a timestamp may cost, and a token whose PIN was refused locks
itself. It is forgotten at once where a setting, one of its files, the wording in use or what letters promise changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guarantees.issuing import institution, preview, signing
from guarantees.issuing.promised import PARAMETERS
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.signature import pades
from guarantees.letter.signature.credentials import CannotSign, FileKey, PinRefused

HERE, ELSEWHERE, TROUBLE = timedelta(hours=1), timedelta(hours=3), timedelta(minutes=5)
DAY = 24 * 3600

#: What a sample depends on, by name; the files that they name are looked at as well.
SETTINGS = (
    *("INSTITUTION_KIND", "INSTITUTION_NAME", "INSTITUTION_CODE", "INSTITUTION_ADDRESS", "INSTITUTION_TELEPHONE"),
    *("PUBLIC_URL", "DEMONSTRATION", "MEDIA_ROOT"),
    *("SIGNING_PASSPHRASE", "SIGNING_CREDENTIAL", "SIGNING_TOKEN", "SIGNING_SECONDS"),
    *("TIMESTAMP_SERVICE", "TIMESTAMP_AUTHORIZATION", "EMBED_REVOCATION"),
)
FILES = ("SIGNING_CERTIFICATE", "SIGNING_KEY", "SEAL_IMAGE", "SERVICE_AUTHORITY", "SERVICE_CLIENT_CERTIFICATE")


@dataclass(frozen=True)
class _Found:
    trouble: str  # "" where a letter can be issued
    at: datetime
    lasting: bool = False  # a refused PIN, until something is changed or a letter is signed

    def holds(self, now: datetime, most: timedelta) -> bool:
        return self.lasting or timedelta() <= now - self.at < (TROUBLE if self.trouble else most)


#: What this process found itself, where the cache is away.
_found: dict[str, _Found] = {}


def trouble(now: datetime, *, afresh: bool = False) -> str:
    """What keeps a letter from being issued now, as a sentence that says what would be right; "" where nothing does.

    `afresh` is for a person who has just mended something.
    """
    try:
        by = signing.credentials()
        pades.check(by, now)
        mark = _fingerprint(institution.letter_wording().reference)
        known = _recall(mark)
        if known and not afresh and known.holds(now, HERE if _is_here(by.key) else ELSEWHERE):
            return known.trouble
        return _remember(mark, _try(now)).trouble
    except (LetterNotMade, CannotSign) as error:
        return str(error)


def succeeded(now: datetime) -> None:
    """A letter was made: no sample could say more."""
    _remember(_fingerprint(institution.letter_wording().reference), _Found("", now))


def _try(now: datetime) -> _Found:
    try:
        _need_storage()
        institution.make_letter(preview.complete(now), signed_at=now, mark=preview.MARK)
    except LetterNotMade as error:
        return _Found(str(error), now, lasting=isinstance(error.__cause__, PinRefused))
    return _Found("", now)


def _is_here(key: object) -> bool:
    return isinstance(key, FileKey) and not settings.TIMESTAMP_SERVICE


def _need_storage() -> None:
    """Raises LetterNotMade where MEDIA_ROOT, which is made where it is missing, cannot be written."""
    try:
        written = default_storage.save("letters/.writable", ContentFile(b"?"))
        default_storage.delete(written)
    except OSError as error:
        message = _("The folder of letters cannot be written (%(error)s): mend MEDIA_ROOT, its owner, or its disk.")
        raise LetterNotMade(message % {"error": error}) from error


def _fingerprint(wording: str) -> str:
    """Of all that a sample depends on. Keyed, since it hides a PIN."""
    promised = [str(parameter.value()) for parameter in PARAMETERS]
    values = [wording, *promised, *(str(getattr(settings, name)) for name in SETTINGS)]
    paths = [*(getattr(settings, name) for name in FILES), *settings.TRUST_ANCHORS, *settings.FALLBACK_FONT]
    return salted_hmac(
        "guarantees.issuing.readiness", "\0".join([*values, *_seen(paths)]), algorithm="sha256"
    ).hexdigest()


def _seen(paths: Iterable[str | Path]) -> Iterable[str]:
    """Each path with the time of its last change, if it is a file's."""
    for path in map(str, paths):
        try:
            yield f"{path} {Path(path).stat().st_mtime_ns if path else ''}"
        except (OSError, ValueError):
            yield path


def _recall(mark: str) -> _Found | None:
    """The sentence is kept in each language; that all is well, and a refused PIN, hold in all."""
    keys = (mark, f"{mark}:{get_language()}")
    known = [found for key in keys for found in (cache.get(f"readiness:{key}"), _found.get(key)) if found]
    return max(known, key=lambda found: found.at, default=None)


def _remember(mark: str, found: _Found) -> _Found:
    if len(_found) > 99:
        _found.clear()
    key = f"{mark}:{get_language()}" if found.trouble and not found.lasting else mark
    if key != mark:
        _found.pop(mark, None)
        cache.delete(f"readiness:{mark}")
    _found[key] = found
    cache.set(f"readiness:{key}", found, None if found.lasting else DAY)
    return found
