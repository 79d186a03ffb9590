"""A certification authority with its time-stamping service, revocation list and OCSP responder, all on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import cms, keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from pyhanko.sign.general import get_pyca_cryptography_hash, simple_cms_attribute
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from guarantees.letter.signature.credentials import Credentials
from guarantees.letter.signature.demonstration import USAGES
from tests.guarantees.letter.signature.serving import Answered, Asked, serving

STAMP_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


@dataclass
class Authority:
    """Its root, and what it says at `now` of whom it certified."""

    now: datetime
    address: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    revoked_at: datetime | None = None
    silent: bool = False  # about revocation
    stamps_at: datetime | None = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self._certify("Test authority", self.key, {"key_cert_sign", "crl_sign"})
        self._signer_key = ec.generate_private_key(ec.SECP256R1())
        self.issued: x509.Certificate | None = None

    @property
    def anchor(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def credentials(self, *, names: str) -> Credentials:
        """A signer whose certificate names the revocation list ("crl"), the responder ("ocsp") or nothing ("")."""
        self.issued = self._certify("Test signer", self._signer_key, {"digital_signature"}, names)
        return Credentials(converted(self.issued), self._signer_key)

    def __call__(self, asked: Asked) -> Answered:
        self.asked.append(asked.path)
        if asked.path == "/stamp":
            return 200, "application/timestamp-reply", self._stamp(asked.body)
        if self.silent:
            return 503, "text/plain", b"later"
        if asked.path == "/crl":
            return 200, "application/pkix-crl", self.crl()
        return 200, "application/ocsp-response", self._ocsp(asked.body)

    def _certify(
        self, common: str, key: ec.EllipticCurvePrivateKey, usages: set[str], names: str = ""
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder(name("Test authority"), name(common), key.public_key(), x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=30))
            .not_valid_after(self.now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca="key_cert_sign" in usages, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
        )
        if names == "crl":
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.address}/crl")], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if names == "ocsp":
            where = x509.UniformResourceIdentifier(f"{self.address}/ocsp")
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        if common == "Test stamps":
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def crl(self) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(self.now - timedelta(hours=1))
            .next_update(self.now + timedelta(days=1))
        )
        if self.revoked_at and self.issued:
            entry = x509.RevokedCertificateBuilder(self.issued.serial_number, self.revoked_at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _ocsp(self, asked: bytes) -> bytes:
        assert self.issued
        assert ocsp.load_der_ocsp_request(asked).serial_number == self.issued.serial_number
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=self.issued,
            issuer=self.root,
            algorithm=hashes.SHA1(),  # noqa: S303 (which RFC 6960 has requests made with)
            cert_status=ocsp.OCSPCertStatus.REVOKED if self.revoked_at else ocsp.OCSPCertStatus.GOOD,
            this_update=self.now - timedelta(hours=1),
            next_update=self.now + timedelta(days=1),
            revocation_time=self.revoked_at,
            revocation_reason=None,
        )
        answer = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.root).sign(self.key, hashes.SHA256())
        return answer.public_bytes(serialization.Encoding.DER)

    def _stamp(self, asked: bytes) -> bytes:
        certificate = self._certify("Test stamps", STAMP_KEY, {"digital_signature"})
        encoded = STAMP_KEY.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        stamper = Stamper(
            converted(certificate), keys.PrivateKeyInfo.load(encoded), fixed_dt=self.stamps_at or self.now
        )
        stamper.above = converted(self.root)
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump())


class Stamper(DummyTimeStamper):
    """Names its certificates as authorities do (RFC 5816): with the digest algorithm that DER leaves out."""

    above: asn1.Certificate

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime) -> tuple[bytes, cms.CMSAttributes]:
        algorithm = get_pyca_cryptography_hash(md_algorithm.upper())
        digest = hashes.Hash(algorithm)
        digest.update(tst_info_data)
        named = [tsp.ESSCertIDv2({"cert_hash": each.sha256}) for each in (self.tsa_cert, self.above)]
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("message_digest", digest.finalize()),
                simple_cms_attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": named})),
            ]
        )
        return STAMP_KEY.sign(attributes.dump(), padding.PKCS1v15(), algorithm), attributes


def converted(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@contextmanager
def authority(now: datetime) -> Iterator[Authority]:
    """An authority whose services answer until the block ends."""
    made = Authority(now)
    with serving(made) as made.address:
        yield made
