"""Whoever else signs: a certificate of any name and term, and the authority that vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.functions import sign_pdf
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from staff import clock

USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
NO_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280, 4.1.2.5


@dataclass(frozen=True)
class Stranger:
    key: ec.EllipticCurvePrivateKey
    certificate: pyca.Certificate
    authority: bytes

    @classmethod
    def named(cls, name: str, not_after: datetime | None = None) -> Stranger:
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        end = not_after or clock.now() + timedelta(days=365)
        root = _certificate("某某认证中心", root_key, "某某认证中心", root_key, end)
        certificate = _certificate(name, key, "某某认证中心", root_key, end)
        return cls(key, certificate, root.public_bytes(serialization.Encoding.PEM))

    def pkcs12(self) -> bytes:
        none = serialization.NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"stranger", self.key, self.certificate, None, none)

    def sign(self, content: bytes) -> bytes:
        der, none = serialization.Encoding.DER, serialization.NoEncryption()
        private = self.key.private_bytes(der, serialization.PrivateFormat.PKCS8, none)
        signer = SimpleSigner(
            x509.Certificate.load(self.certificate.public_bytes(der)),
            keys.PrivateKeyInfo.load(private),
            SimpleCertificateStore(),
        )
        metadata = PdfSignatureMetadata(field_name="His", subfilter=SigSeedSubFilter.PADES, signer_key_usage=set())
        return bytes(sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer).getvalue())


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    end: datetime,
) -> pyca.Certificate:
    subject, by = (pyca.Name([pyca.NameAttribute(pyca.NameOID.COMMON_NAME, text)]) for text in (name, issuer))
    usages = dict.fromkeys(USAGES, False) | {"key_cert_sign" if name == issuer else "digital_signature": True}
    builder = (
        pyca.CertificateBuilder(by, subject, key.public_key(), pyca.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(end)
        .add_extension(pyca.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .add_extension(pyca.KeyUsage(**usages), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def paper(words: str = "preview") -> bytes:
    """A PDF that nobody signed."""
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, words)
    canvas.save()
    return buffer.getvalue()
