"""Certificates and their keys as people paste them: PEM amid comments, in whatever a text editor made of it.

Only the PEM blocks count. What stands between them (a comment in Chinese, what `openssl pkcs12` prints, a byte order
mark) is passed over, and the blocks' lines may end and be indented as they like.
"""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from base64 import b64decode
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
PUBLIC = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo


class CertificateError(ValueError):
    """What was given is not what is needed; `text` says so to a person, in the reader's language."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(text)
        self.text = text


def authorities(text: str) -> str:
    """The certificates in the text, clean PEM and nothing else, or CertificateError."""
    found = "".join(_certificates(text))
    try:
        if found:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=found)
            return found
    except (ssl.SSLError, ValueError):
        pass
    raise CertificateError(_("This is no certificate in PEM."))


def client_certificate(text: str) -> str:
    """The certificate that belongs to the private key in the text, that key, and the others as its chain: clean PEM in
    the order in which TLS takes it. CertificateError where one of them is missing or of no use."""
    certificates, keys = _certificates(text), [block for block in _blocks(text) if block[0].endswith("PRIVATE KEY")]
    if not certificates:
        raise CertificateError(_("The certificate is missing: PEM, from BEGIN CERTIFICATE to END CERTIFICATE."))
    if not keys:
        raise CertificateError(_("The certificate's private key is missing: PEM, in the same text."))
    if len(keys) > 1:
        raise CertificateError(_("There is more than one private key in it."))
    label, content = keys[0]
    if "ENCRYPTED" in label + content:
        raise CertificateError(
            _("The private key has a passphrase. Take it off with “openssl pkey -in key.pem”; it is stored encrypted.")
        )
    key = _pem(label, content)
    own = _public_key(key)
    certificates.sort(key=lambda pem: _public_key(pem) != own)  # a sort keeps the order of the rest
    if _public_key(certificates[0]) != own:
        raise CertificateError(_("The private key belongs to none of the certificates."))
    found = certificates[0] + key + "".join(certificates[1:])
    try:
        load_client_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), found)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise _of_no_use(error) from None
    return found


def first(text: str) -> str:
    """The first certificate in the text, clean PEM. CertificateError where there is none."""
    if not (found := _certificates(text)):
        raise CertificateError(_("This is no certificate in PEM."))
    return found[0]


def load_client_certificate(context: ssl.SSLContext, pem: str) -> None:
    """`ssl` reads keys from files only: from one that exists for that moment."""
    descriptor, path = tempfile.mkstemp(prefix="client-", suffix=".pem")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(pem)
        context.load_cert_chain(path, password="")  # else it would ask for one on the terminal
    finally:
        os.unlink(path)


def _certificates(text: str) -> list[str]:
    return [_pem(label, content) for label, content in _blocks(text) if label == "CERTIFICATE"]


def _blocks(text: str) -> list[tuple[str, str]]:
    return BLOCK.findall(text)


def _pem(label: str, content: str) -> str:
    """The block with lines as they should be."""
    letters = "".join(content.split())
    try:
        b64decode(letters, validate=True)
    except ValueError:  # letters outside ASCII among them
        raise CertificateError(_("The text between BEGIN and END is damaged: copy it whole.")) from None
    lines = [letters[at : at + 64] for at in range(0, len(letters), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _public_key(pem: str) -> bytes:
    """The public key of a certificate, or of a private key, for comparing."""
    key: Any
    try:
        if "PRIVATE KEY" in pem:
            key = serialization.load_pem_private_key(pem.encode(), None).public_key()
        else:
            key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        return bytes(key.public_bytes(*PUBLIC))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _of_no_use(error) from None


def _of_no_use(error: Exception) -> CertificateError:
    text = _("TLS cannot use it; RSA and ECDSA keys would do (%(error)s).")
    return CertificateError(text % {"error": str(error)[:100]})
