"""A letter is signed: PAdES B-B over the whole document, certified as closed, by an RSA, ECDSA or SM2 key."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import algos, x509
from cryptography import x509 as pyca
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from guarantees.letter.verification import (
    SIGNING_USAGES,
    SM2_WITH_SM3,
    SM3,
    Certificate,
    describe,
    is_sm2,
    quiet,
    read_certificates,
    sm2_key,
)
from protocol.crypto import keys as sm2_keys
from protocol.crypto import sm2

FIELD = "Guarantor"
DEMONSTRATION = "（演示/DEMONSTRATION）"
DEMONSTRATION_DAYS = 2 * 365
LONGEST_NAME = 64  # bytes
USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
SEAL_RED = "0.78 0.07 0.09"

Key = RSAPrivateKey | EllipticCurvePrivateKey | sm2.PrivateKey
#: Where a visible seal stands: the page from 0 (-1 is the last), then left, bottom, right, top in points.
Box = tuple[int, float, float, float, float]


class CannotSign(ValueError):
    """The letter cannot be signed; the message says why and what would be right."""


@dataclass(frozen=True)
class Credentials:
    """A signing certificate, its key (which no repr shows) and the certificates between it and the root.

    Raises CannotSign for a key that does not belong to the certificate.
    """

    certificate: x509.Certificate = field(repr=False)
    key: Key = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(default=(), repr=False)
    particulars: Certificate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "particulars", describe(self.certificate))
        try:
            fits = self._fits()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            fits = False
        if not fits:
            raise CannotSign(
                f"the private key does not belong to the certificate of {self.owner}: "
                "give the key for which this certificate was requested"
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

    def _fits(self) -> bool:
        public = self.certificate.public_key
        if isinstance(self.key, sm2.PrivateKey):
            return is_sm2(public) and sm2_key(public) == self.key.public
        return bool(serialization.load_der_public_key(public.dump()) == self.key.public_key())


def load_pkcs12(content: bytes, passphrase: str) -> Credentials:
    """RSA or ECDSA credentials from a .p12 or .pfx file. Raises CannotSign."""
    try:
        loaded = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotSign(
            "the file cannot be opened: either the passphrase is wrong or it is no PKCS#12 file (.p12, .pfx). "
            "Check the passphrase; an SM2 certificate is given as PEM instead"
        ) from error
    if loaded.key is None:
        raise CannotSign("the PKCS#12 file holds no private key: export the certificate again together with its key")
    if loaded.cert is None:
        raise CannotSign("the PKCS#12 file holds no certificate that fits its key: export both together")
    chain = tuple(_certificate(extra.certificate) for extra in loaded.additional_certs)
    return Credentials(_certificate(loaded.cert.certificate), _usable(loaded.key), chain)


def load_pem(certificates: bytes, key: bytes, passphrase: str = "") -> Credentials:
    """Credentials from PEM: the signing certificate first, then its chain; the key RSA, ECDSA or SM2.

    Raises CannotSign.
    """
    try:
        first, *chain = read_certificates(certificates)
    except ValueError as error:
        raise CannotSign("there is no certificate to read: give PEM with -----BEGIN CERTIFICATE-----") from error
    try:
        if is_sm2(first.public_key):
            return Credentials(first, sm2_keys.load_private(key.decode()), tuple(chain))
        loaded = serialization.load_pem_private_key(key, passphrase.encode() or None)
    except CannotSign:
        raise
    except sm2_keys.KeyFormatError as error:
        raise CannotSign(f"the SM2 private key cannot be read: {error}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotSign(
            "the private key cannot be read: either the passphrase is wrong or it is no PEM key. Check the passphrase"
        ) from error
    return Credentials(first, _usable(loaded), tuple(chain))


def demonstration(name: str, now: datetime, passphrase: str = "") -> tuple[bytes, bytes]:
    """A PKCS#12 file that signs for two years from `now`, and the PEM of the root that vouches for it.

    Both subjects say that they are a demonstration. The root's key is thrown away.
    """
    root_key, key = (generate_private_key(public_exponent=65537, key_size=3072) for _ in range(2))
    issuer, subject = _subject("演示根证书", name), _subject(name, name)
    root = _builder(issuer, issuer, root_key, now, ("key_cert_sign", "crl_sign")).sign(root_key, hashes.SHA256())
    certificate = (
        _builder(subject, issuer, key, now, ("digital_signature", "content_commitment"))
        .add_extension(pyca.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    content = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, lock)
    return content, root.public_bytes(serialization.Encoding.PEM)


def sign(
    content: bytes, credentials: Credentials, *, signed_at: datetime, reason: str, location: str, box: Box | None = None
) -> bytes:
    """The PDF with the certifying signature added, after which nothing may change; with a seal where `box` says.

    Raises CannotSign: certificate not valid at `signed_at` or not for signatures, no PDF, encrypted or signed before.
    """
    _check(credentials, signed_at)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=SM3 if isinstance(credentials.key, sm2.PrivateKey) else "sha256",
        reason=reason,
        location=location,
        name=credentials.owner,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        signer_key_usage=set(),  # `_check` has seen to it
    )
    signer = _DatedSigner(metadata, _KeySigner(credentials), stamp_style=_seal(), new_field_spec=_place(box))
    signer.signed_at = signed_at
    try:
        with quiet():
            return bytes(signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content))).getvalue())
    except (PdfError, SigningError, ValueError, IndexError) as error:
        advice = "give a complete PDF, neither encrypted nor signed before"
        raise CannotSign(f"the letter cannot be signed ({error}): {advice}") from error


def _check(credentials: Credentials, signed_at: datetime) -> None:
    owner, not_before = credentials.owner, credentials.particulars.not_before
    if signed_at.tzinfo is None:
        raise CannotSign(f"the signing time {signed_at} has no zone: give an aware one")
    if signed_at < not_before:
        raise CannotSign(f"the certificate of {owner} is valid from {not_before}, not yet at {signed_at}: wait for it")
    if signed_at > credentials.not_after:
        raise CannotSign(
            f"the certificate of {owner} expired at {credentials.not_after}, before {signed_at}: "
            "have its issuer renew it and give the new one"
        )
    usage = credentials.certificate.key_usage_value
    if usage is not None and not usage.native & SIGNING_USAGES:
        serves = ", ".join(sorted(usage.native))
        raise CannotSign(f"the certificate of {owner} serves {serves}: give the signing certificate of the pair")


def _place(box: Box | None) -> SigFieldSpec:
    if box is None:
        return SigFieldSpec(FIELD)
    page, left, bottom, right, top = box
    return SigFieldSpec(FIELD, on_page=page, box=(round(left), round(bottom), round(right), round(top)))


class _DatedSigner(PdfSigner):
    """States the time that it is given instead of the clock's."""

    signed_at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.signed_at
        return session


class _KeySigner(Signer):
    """Signs by the key that was read; pyHanko's own signer reads it, and tests its primes, for every signature anew.

    SM2 by our own arithmetic, Z over the certificate's key and the identity that GM/T 0009 assumes.
    """

    def __init__(self, credentials: Credentials) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(credentials.chain)
        self._key = credentials.key
        sm2_with_sm3 = algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3})
        super().__init__(
            signing_cert=credentials.certificate,
            cert_registry=store,
            signature_mechanism=sm2_with_sm3 if isinstance(self._key, sm2.PrivateKey) else None,
            embed_roots=False,
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if isinstance(self._key, sm2.PrivateKey):
            return sm2.signature_to_der(sm2.sign(self._key, data))
        digest = get_pyca_cryptography_hash(digest_algorithm)
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), digest)
        return self._key.sign(data, ECDSA(digest))


def _seal() -> StaticStampStyle:
    """A ring with a five-pointed star in it, as wide as the box."""
    star, ring = _outline(5, 144, 22), _outline(120, 3, 46)  # the ring's corners are too blunt to be seen
    drawing = f"q 1 0 0 1 50 50 cm {SEAL_RED} RG {SEAL_RED} rg 4 w {star} f {ring} s Q"
    background = RawContent(drawing.encode(), box=BoxConstraints(width=100, height=100))
    return StaticStampStyle(border_width=0, background=background, background_opacity=0.85)


def _outline(corners: int, degrees: float, radius: float) -> str:
    """A path around 0, 0 that turns by so many degrees from corner to corner, the first on top."""
    turns = [math.radians(90 + degrees * corner) for corner in range(corners)]
    first, *others = (f"{radius * math.cos(turn):.2f} {radius * math.sin(turn):.2f}" for turn in turns)
    return f"{first} m " + "".join(f"{other} l " for other in others)


def _usable(key: object) -> RSAPrivateKey | EllipticCurvePrivateKey:
    if isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return key
    raise CannotSign(f"a key of the kind {type(key).__name__} cannot sign a letter: use an RSA, ECDSA or SM2 key")


def _certificate(certificate: pyca.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _subject(common: str, organisation: str) -> pyca.Name:
    room = LONGEST_NAME - len(DEMONSTRATION.encode())
    values = (organisation.encode()[:LONGEST_NAME], common.encode()[:room] + DEMONSTRATION.encode())
    kinds = (pyca.NameOID.ORGANIZATION_NAME, pyca.NameOID.COMMON_NAME)
    pairs = zip(kinds, values, strict=True)
    return pyca.Name([pyca.NameAttribute(kind, value.decode(errors="ignore")) for kind, value in pairs])


def _builder(
    subject: pyca.Name, issuer: pyca.Name, key: RSAPrivateKey, now: datetime, usages: tuple[str, ...]
) -> pyca.CertificateBuilder:
    return (
        pyca.CertificateBuilder(issuer, subject, key.public_key(), pyca.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=DEMONSTRATION_DAYS))
        .add_extension(pyca.BasicConstraints(ca="key_cert_sign" in usages, path_length=None), critical=True)
        .add_extension(pyca.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
        .add_extension(pyca.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
