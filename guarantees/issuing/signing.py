"""With what letters are signed, as the settings have it: certificate and key, evidence, and whom we trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from guarantees.letter.signature.certificates import read_certificates
from guarantees.letter.signature.credentials import (
    CannotSign,
    Credentials,
    ExternalKey,
    load_external,
    load_pem,
    load_pkcs12,
)
from guarantees.letter.signature.hsm import HsmKey
from guarantees.letter.signature.pades import Evidence
from guarantees.letter.signature.posting import NoAnswer, Reply
from guarantees.letter.signature.service import ServiceKey
from guarantees.letter.signature.timestamps import TimestampService
from protocol.crypto.keys import KeyFormatError
from protocol.delivery.transport import Address, HttpConnection, NotDelivered
from protocol.key_texts import key_error_text

CONNECT_SECONDS = 5
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class LetterNotMade(Exception):
    """A letter could not be made or signed; the message says why, and what would be right."""


@dataclass(frozen=True)
class Post:
    """Posts to the signing or the timestamp service over a connection of its own each time."""

    address: Address

    def __call__(self, path: str, body: bytes, *, within: float, headers: Mapping[str, str]) -> Reply:
        url = f"{self.address.url.rstrip('/')}/{path}" if path else self.address.url
        connection = HttpConnection(replace(self.address, url=url), connect_timeout=CONNECT_SECONDS)
        try:
            answer = connection.post(body, within=within, headers=headers)
        except NotDelivered as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()
        return Reply(answer.status, answer.body)


def credentials() -> Credentials:
    """The signing certificate and its key, read again whenever their files change. Raises LetterNotMade."""
    if not settings.SIGNING_CERTIFICATE:
        raise LetterNotMade(_("Set SIGNING_CERTIFICATE to the file of the signing certificate (.p12, or .pem)."))
    path, key = Path(settings.SIGNING_CERTIFICATE), settings.SIGNING_KEY
    try:
        if not key:
            return _load_pkcs12(path, settings.SIGNING_PASSPHRASE, path.stat().st_mtime_ns)
        if ":" in key and (external := _external_key(key)):
            return load_external(path.read_bytes(), external)
        changed = path.stat().st_mtime_ns, Path(key).stat().st_mtime_ns
        return _load_pem(path, Path(key), settings.SIGNING_PASSPHRASE, changed)
    except OSError as error:
        raise LetterNotMade(
            _("The signing certificate cannot be read: %(error)s. Check SIGNING_CERTIFICATE and SIGNING_KEY.")
            % {"error": error}
        ) from error
    except KeyFormatError as error:
        raise LetterNotMade(
            _("The SM2 private key cannot be read: %(error)s") % {"error": key_error_text(error)}
        ) from error
    except CannotSign as error:
        raise LetterNotMade(str(error)) from error


def _external_key(where: str) -> ExternalKey | None:
    """A key in an HSM, or at a signing service; None for a file."""
    if where.startswith("pkcs11:"):
        return HsmKey(where, settings.SIGNING_PASSPHRASE)
    if where.startswith(("https://", "http://")):
        return ServiceKey(
            Post(_address("SIGNING_KEY", secret=True)),
            credential=settings.SIGNING_CREDENTIAL,
            token=settings.SIGNING_TOKEN,
            pin=settings.SIGNING_PASSPHRASE,
            seconds=settings.SIGNING_SECONDS,
        )
    return None


def _address(name: str, *, secret: bool) -> Address:
    """Of the signing or the timestamp service, trusted by the system's authorities or those of SERVICE_AUTHORITY."""
    url: str = getattr(settings, name)
    parts = urlsplit(url)
    if secret and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise LetterNotMade(_("Set %(name)s to an https address: what is sent there is secret.") % {"name": name})
    return Address(url, _text("SERVICE_AUTHORITY"), _text("SERVICE_CLIENT_CERTIFICATE"))


def _text(name: str) -> str:
    """What the file that a setting names says; "" where it names none."""
    try:
        return Path(getattr(settings, name)).read_text(encoding="ascii") if getattr(settings, name) else ""
    except (OSError, ValueError) as error:
        raise LetterNotMade(_("%(name)s cannot be read as PEM: %(error)s") % {"name": name, "error": error}) from error


@lru_cache(maxsize=4)
def _load_pkcs12(path: Path, passphrase: str, changed: int) -> Credentials:
    return load_pkcs12(path.read_bytes(), passphrase)


@lru_cache(maxsize=4)
def _load_pem(path: Path, key: Path, passphrase: str, changed: tuple[int, int]) -> Credentials:
    return load_pem(path.read_bytes(), key.read_bytes(), passphrase)


def evidence() -> Evidence:
    """What the settings want beside each signature."""
    timestamps = None
    if settings.TIMESTAMP_SERVICE:
        timestamps = TimestampService(
            Post(_address("TIMESTAMP_SERVICE", secret=bool(settings.TIMESTAMP_AUTHORIZATION))),
            authorization=settings.TIMESTAMP_AUTHORIZATION,
            seconds=settings.SIGNING_SECONDS,
        )
    anchors = [certificate for anchor in trust_anchors() for certificate in read_certificates(anchor)]
    return Evidence(tuple(anchors), timestamps, settings.EMBED_REVOCATION)


def trust_anchors() -> list[bytes]:
    """The certificates (PEM) that a letter's chain must lead to. Raises LetterNotMade where one cannot be read."""
    anchors = []
    for path in settings.TRUST_ANCHORS:
        try:
            anchors.append(Path(path).read_bytes())
            if not read_certificates(anchors[-1]):
                raise ValueError(path)
        except (OSError, ValueError) as error:
            message = _("TRUST_ANCHORS: %(path)s cannot be read as certificates (PEM).")
            raise LetterNotMade(message % {"path": path}) from error
    return anchors
