"""One judgement of a file for the platform, the public page and the desk: did we issue it, and is it unchanged?"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from guarantees.issuing.signing import LetterNotMade, credentials, trust_anchors
from guarantees.letter.signature.certificates import Certificate
from guarantees.letter.signature.isolation import UNAVAILABLE, examine, presentable
from guarantees.letter.signature.validation import Verdict, verify
from guarantees.models import Guarantee, IssuedPaper

log = logging.getLogger(__name__)
LARGEST = 20 * 1024 * 1024

SIGNED_BY_US = "文件由本机构签名，但不是本机构出具的保函文件"
SIGNED_BY_ANOTHER = "文件由其他单位签名，并非本机构签名"
NOT_ISSUED = "该文件不是本机构签发的保函文件"
NOT_UNDER_THIS_NUMBER = "该文件不是本机构以该编号签发的保函文件"


@dataclass(frozen=True)
class Judgement:
    """What is to be said of a file: why it is not genuine (no reason: it is), and what its signature says.

    `faults` are those of the reasons that lie in the signature. `issued` is the letter or other paper of ours that the
    file is byte for byte, even where something else speaks against it.
    """

    digest: str
    faults: tuple[str, ...]
    reasons: tuple[str, ...]
    certificate: Certificate | None
    signed_at: datetime | None
    issued: Guarantee | IssuedPaper | None

    @property
    def is_genuine(self) -> bool:
        return not self.reasons


def judge(content: bytes, expected: Guarantee | None = None) -> Judgement:
    """Judge a file that is said to be the letter of `expected`, or any file of ours (decisions B16)."""
    digest = hashlib.sha256(content).hexdigest()
    issued = _issued(digest)
    verdict = _verdict(content, ours=issued is not None)
    reasons = list(verdict.reasons)
    if issued is None and not reasons and verdict.certificate:
        reasons.append(SIGNED_BY_US if _is_ours(verdict.certificate) else SIGNED_BY_ANOTHER)
    if expected and issued != expected:
        reasons.append(NOT_UNDER_THIS_NUMBER)
    elif issued is None:
        reasons.append(NOT_ISSUED)
    return Judgement(digest, verdict.reasons, tuple(reasons), verdict.certificate, verdict.signed_at, issued)


def is_ours(content: bytes) -> bool:
    """Whether it is byte for byte a letter or other paper of ours; quick, whatever the file is."""
    return _issued(hashlib.sha256(content).hexdigest()) is not None


def _verdict(content: bytes, *, ours: bool) -> Verdict:
    try:
        anchors = trust_anchors()
    except LetterNotMade as error:
        log.error("No file can be verified: %s", error)
        return Verdict((UNAVAILABLE,))
    # Our own file is harmless. Any other can be hostile, and can never be genuine.
    return presentable(verify(content, anchors)) if ours else examine(content, anchors)


def _issued(digest: str) -> Guarantee | IssuedPaper | None:
    for model in (Guarantee, IssuedPaper):
        if found := model._default_manager.filter(file_digest=digest).first():
            return found
    return None


def _is_ours(trusted: Certificate) -> bool:
    """Whether a certificate that our anchors vouch for is the institution's, by its name or as the one that signs."""
    try:
        ours = credentials().serial_number
    except LetterNotMade:
        ours = ""
    return trusted.owner == settings.INSTITUTION_NAME or ours == trusted.serial_number
