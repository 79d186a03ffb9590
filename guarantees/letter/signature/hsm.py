"""A signing key that never leaves an HSM: reached through its maker's PKCS#11 module, named by a pkcs11: URI."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qs, unquote, unquote_to_bytes

from asn1crypto import x509
from django.utils.translation import gettext as _
from pkcs11.exceptions import PinIncorrect, PinLocked, PKCS11Error
from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11SigningContext

from guarantees.letter.signature.certificates import is_sm2
from guarantees.letter.signature.credentials import CannotSign, PinRefused

EXAMPLE = "pkcs11:token=Desk;object=signing?module-path=/usr/lib/softhsm/libsofthsm2.so"

#: A module knows one login per process: what one thread ends, another would lose.
_module = Lock()
#: A token locks itself after a few wrong PINs, so one that was refused is not tried again by this process.
_refused: set[tuple[str, str, str]] = set()


@dataclass(frozen=True)
class HsmKey:
    """One private key of one token. Raises CannotSign for a URI that does not name it."""

    uri: str = field(repr=False)  # RFC 7512: the token by label or serial number, the key by label (object) or id
    pin: str = field(repr=False)

    def __post_init__(self) -> None:
        path, query = self._parts()
        if query.keys() & {"pin-value", "pin-source"}:
            raise CannotSign(
                _("SIGNING_KEY holds a PIN, which would be shown with it: put it into SIGNING_PASSPHRASE.")
            )
        if not (query.get("module-path") and path.keys() & {"token", "serial"} and path.keys() & {"object", "id"}):
            raise CannotSign(
                _("SIGNING_KEY %(uri)s names no key of an HSM: %(example)s would be the form.")
                % {"uri": self.uri, "example": EXAMPLE}
            )

    async def sign(self, message: bytes, certificate: x509.Certificate) -> bytes:
        """A session of its own for each letter, so that an HSM which was away meanwhile is found again."""
        if is_sm2(certificate.public_key):
            raise CannotSign(_("PKCS#11 has no SM2: use the HSM's RSA or ECDSA key, or its maker's signing service."))
        path, query = self._parts()
        login = (query["module-path"], path.get("token", path.get("serial", "")), self.pin)
        with _module:
            if login in _refused:
                raise _pin_refused()
            try:
                with PKCS11SigningContext(self._config(path, query, certificate)) as signer:
                    return bytes(await signer.async_sign_raw(message, "sha256"))
            except (PKCS11Error, SigningError, RuntimeError) as error:
                if isinstance(error.__cause__ or error, PinIncorrect | PinLocked):
                    _refused.add(login)
                    raise _pin_refused() from error
                detail = f"{type(error).__name__} {error}".strip()
                raise CannotSign(
                    _("The HSM does not sign (%(error)s): check %(uri)s, and that it is on.")
                    % {"error": detail, "uri": self.uri}
                ) from error

    def _config(
        self, path: dict[str, str], query: dict[str, str], certificate: x509.Certificate
    ) -> PKCS11SignatureConfig:
        key_id = path.get("id")
        return PKCS11SignatureConfig(
            module_path=query["module-path"],
            cert_label=None,
            signing_certificate=certificate,
            token_criteria=TokenCriteria(
                label=path.get("token"), serial=path["serial"].encode() if "serial" in path else None
            ),
            key_label=path.get("object"),
            key_id=unquote_to_bytes(key_id) if key_id else None,
            user_pin=self.pin,
            # Many tokens know ECDSA over a digest only; RSA they digest themselves.
            raw_mechanism=certificate.public_key.algorithm == "ec",
        )

    def _parts(self) -> tuple[dict[str, str], dict[str, str]]:
        """The attributes of the path, the id still percent-encoded, and of the query."""
        path, _mark, query = self.uri.removeprefix("pkcs11:").partition("?")
        pairs = (part.partition("=")[::2] for part in path.split(";"))
        attributes = {name: value if name == "id" else unquote(value) for name, value in pairs if value}
        return attributes, {name: values[0] for name, values in parse_qs(query.replace("+", "%2B")).items()}


def _pin_refused() -> PinRefused:
    return PinRefused(_("The HSM refuses the PIN, and would lock itself: mend SIGNING_PASSPHRASE, and restart."))
