"""Who signs: a certificate, those above it, and a private key, in a file or wherever else the institution keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from asn1crypto import algos, cms, x509
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils.translation import gettext as _
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from guarantees.letter.signature.certificates import (
    SM2_WITH_SM3,
    SM3,
    Certificate,
    SignatureValidator,
    describe,
    is_sm2,
    read_certificates,
    sm2_key,
)
from protocol.crypto import keys as sm2_keys
from protocol.crypto import sm2


class CannotSign(ValueError):
    """The letter cannot be signed; the message says why and what would be right."""


class PinRefused(CannotSign):
    """The PIN of a key that is kept elsewhere: asked again and again, its keeper would lock it."""


class ExternalKey(Protocol):
    """A private key that is kept elsewhere, and signs there."""

    async def sign(self, message: bytes, certificate: x509.Certificate) -> bytes:
        """The signature of `message` as CMS has it: RSA PKCS#1 v1.5 or ECDSA with SHA-256, or SM2 with SM3 (DER).

        Raises CannotSign, and of its kind PinRefused.
        """


FileKey = RSAPrivateKey | EllipticCurvePrivateKey | sm2.PrivateKey


@dataclass(frozen=True)
class Credentials:
    """A signing certificate, its key (which no repr shows) and the certificates between it and the root.

    Raises CannotSign for a key in a file that does not belong to the certificate; of other keys their first
    signature tells.
    """

    certificate: x509.Certificate = field(repr=False)
    key: FileKey | ExternalKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(default=(), repr=False)
    particulars: Certificate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "particulars", describe(self.certificate))
        object.__setattr__(self, "chain", tuple(_above(self.certificate, self.chain)))
        try:
            fits = self._fits()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            fits = False
        if not fits:
            raise CannotSign(
                _(
                    "The private key does not belong to the certificate of %(owner)s: "
                    "give the key for which this certificate was requested."
                )
                % {"owner": self.owner}
            )

    @property
    def owner(self) -> str:
        """The subject's common name, or its organisation where it has none."""
        return self.particulars.owner

    @property
    def serial_number(self) -> str:
        """In upper-case hex without colons."""
        return self.particulars.serial_number

    @property
    def not_after(self) -> datetime:
        """The last instant at which the certificate signs."""
        return self.particulars.not_after

    @property
    def digest(self) -> str:
        """The digest that goes with the certificate's key."""
        return SM3 if is_sm2(self.certificate.public_key) else "sha256"

    def signer(self) -> Signer:
        """What pyHanko signs with."""
        return _Signer(self)

    def _fits(self) -> bool:
        public = self.certificate.public_key
        if public.algorithm not in ("rsa", "ec"):
            return False
        match self.key:
            case sm2.PrivateKey():
                return is_sm2(public) and sm2_key(public) == self.key.public
            case RSAPrivateKey() | EllipticCurvePrivateKey():
                return bool(serialization.load_der_public_key(public.dump()) == self.key.public_key())
        return True


class _SignerInfo(cms.SignerInfo):  # type: ignore[misc]
    """The one part whose length is another each time, and which holds the timestamp.

    asn1crypto takes a header that ends in the octet 80 (a length of 0x580, say) for one of indefinite length, and then
    serialises everything below anew, several times at each level: a dozen seconds of work for such a letter.
    """

    def dump(self, force: bool = False) -> bytes:
        self._header = None
        return bytes(super().dump(force=force))


class _Signer(Signer):
    """Asks the key, and believes no signature that does not verify: a service may answer for another's digest."""

    def __init__(self, credentials: Credentials) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(credentials.chain)
        public = credentials.certificate.public_key
        name = SM2_WITH_SM3 if is_sm2(public) else {"rsa": "sha256_rsa", "ec": "sha256_ecdsa"}[public.algorithm]
        super().__init__(
            signing_cert=credentials.certificate,
            cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": name}),
            embed_roots=False,
        )
        self._credentials = credentials

    def signer_info(self, digest_algorithm: str, signed_attrs: cms.CMSAttributes, signature: bytes) -> cms.SignerInfo:
        made = super().signer_info(digest_algorithm, signed_attrs, signature)
        given = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
        return _SignerInfo({name: made[name] for name in given})

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        public = self._credentials.certificate.public_key
        if dry_run:  # only its length counts: DER of two numbers of the curve's size, or the modulus
            return bytes(public.byte_size if public.algorithm == "rsa" else 2 * public.bit_size // 8 + 9)
        signature = await self._sign(data)
        try:
            SignatureValidator().validate_signature(signature, data, public, self.signature_mechanism)
        except (InvalidSignature, ValueError) as error:
            raise CannotSign(
                _(
                    "The signature that came back is not that of %(owner)s over this letter: "
                    "the key belongs to another certificate, or the answer to another digest."
                )
                % {"owner": self._credentials.owner}
            ) from error
        return signature

    async def _sign(self, data: bytes) -> bytes:
        match self._credentials.key:
            case RSAPrivateKey() as key:
                return key.sign(data, PKCS1v15(), hashes.SHA256())
            case EllipticCurvePrivateKey() as key:
                return key.sign(data, ECDSA(hashes.SHA256()))
            case sm2.PrivateKey() as key:
                return sm2.signature_to_der(sm2.sign(key, data))
            case key:
                return await key.sign(data, self._credentials.certificate)


def load_pkcs12(content: bytes, passphrase: str) -> Credentials:
    """RSA or ECDSA credentials from a .p12 or .pfx file. Raises CannotSign."""
    try:
        loaded = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotSign(
            _(
                "The file cannot be opened: either the passphrase is wrong or it is no PKCS#12 file (.p12, .pfx). "
                "Check the passphrase; an SM2 certificate is given as PEM instead."
            )
        ) from error
    if loaded.key is None:
        raise CannotSign(
            _("The PKCS#12 file holds no private key: export the certificate again together with its key.")
        )
    if loaded.cert is None:
        raise CannotSign(_("The PKCS#12 file holds no certificate that fits its key: export both together."))
    chain = tuple(_certificate(extra.certificate) for extra in loaded.additional_certs)
    return Credentials(_certificate(loaded.cert.certificate), _usable(loaded.key), chain)


def load_pem(certificates: bytes, key: bytes, passphrase: str = "") -> Credentials:
    """Credentials from PEM: the signing certificate first, then its chain; the key RSA, ECDSA or SM2.

    Raises CannotSign, and KeyFormatError for an SM2 key that cannot be read.
    """
    first, *chain = _pem_certificates(certificates)
    try:
        if is_sm2(first.public_key):
            return Credentials(first, sm2_keys.load_private(key, lambda: passphrase), tuple(chain))
        loaded = serialization.load_pem_private_key(key, passphrase.encode() or None)
    except (CannotSign, sm2_keys.KeyFormatError):
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotSign(
            _(
                "The private key cannot be read: either the passphrase is wrong or it is no PEM key. "
                "Check the passphrase."
            )
        ) from error
    return Credentials(first, _usable(loaded), tuple(chain))


def load_external(certificates: bytes, key: ExternalKey) -> Credentials:
    """Credentials whose key is kept elsewhere: of its certificate and chain as PEM. Raises CannotSign."""
    first, *chain = _pem_certificates(certificates)
    return Credentials(first, key, tuple(chain))


def _pem_certificates(encoded: bytes) -> list[x509.Certificate]:
    try:
        found = read_certificates(encoded)
    except ValueError:
        found = []
    if not found:
        raise CannotSign(_("There is no certificate to read: give PEM with -----BEGIN CERTIFICATE-----."))
    return found


def _above(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> Iterator[x509.Certificate]:
    """Its issuer, and theirs; files hold others too, such as that of the pair's encryption key."""
    rest = list(others)
    while issuers := [each for each in rest if each.subject == certificate.issuer and each != certificate]:
        certificate = issuers[0]
        rest.remove(certificate)
        yield certificate


def _usable(key: object) -> RSAPrivateKey | EllipticCurvePrivateKey:
    if isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return key
    raise CannotSign(
        _("A key of the kind %(kind)s cannot sign a letter: use an RSA, ECDSA or SM2 key.")
        % {"kind": type(key).__name__}
    )


def _certificate(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
