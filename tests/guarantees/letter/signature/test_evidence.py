"""What stands beside a signature: when it was made (RFC 3161), and that nobody revoked its certificate (PAdES B-LT)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto.crl import CertificateList
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from guarantees.issuing.signing import Post
from guarantees.letter.signature import pades, validation
from guarantees.letter.signature.certificates import read_certificates
from guarantees.letter.signature.credentials import CannotSign, Credentials
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.pades import Evidence
from guarantees.letter.signature.timestamps import TimestampService
from protocol.delivery.transport import Address
from staff import clock
from tests.guarantees.letter.signature.online_authority import Authority, authority
from tests.guarantees.letter.signature.serving import serving
from tests.guarantees.letter.signature.test_signature import credentials, letter

NOW = clock.now().replace(microsecond=0)


@pytest.fixture
def ca() -> Iterator[Authority]:
    with authority(NOW) as made:
        yield made


def evidence(ca: Authority, *, stamped: bool = False, revocation: bool = True) -> Evidence:
    stamps = TimestampService(Post(Address(f"{ca.address}/stamp"))) if stamped else None
    return Evidence(tuple(read_certificates(ca.anchor)), stamps, revocation)


def sign(by: Credentials, beside: Evidence, at: datetime = NOW) -> bytes:
    return pades.sign(letter(), by, signed_at=at, reason="签发预付款保函", location="北京", evidence=beside)


@pytest.mark.parametrize("names", ["crl", "ocsp"])
def test_revocation_data_are_embedded_in_the_signed_revision(ca: Authority, names: str) -> None:
    content = sign(ca.credentials(names=names), evidence(ca))
    assert ca.asked == [f"/{names}"]
    store = PdfFileReader(BytesIO(content)).root["/DSS"]
    assert len(store["/CRLs" if names == "crl" else "/OCSPs"]) == 1
    assert validation.validate(content, [ca.anchor]).faults == ()


def test_a_certificate_that_names_nothing_asks_nobody(ca: Authority) -> None:
    content = sign(ca.credentials(names=""), evidence(ca))
    assert ca.asked == []
    assert "/DSS" not in PdfFileReader(BytesIO(content)).root


def test_nothing_is_fetched_where_that_is_switched_off(ca: Authority) -> None:
    sign(ca.credentials(names="crl"), evidence(ca, revocation=False))
    assert ca.asked == []


@pytest.mark.parametrize("names", ["crl", "ocsp"])
def test_a_revoked_certificate_does_not_sign(ca: Authority, names: str) -> None:
    ca.revoked_at = NOW - timedelta(days=1)
    with pytest.raises(CannotSign, match=r"revocation cannot be ruled out .* revoked"):
        sign(ca.credentials(names=names), evidence(ca))


def test_an_authority_that_is_silent_about_revocation_stops_the_letter(ca: Authority) -> None:
    ca.silent = True
    with pytest.raises(CannotSign, match="TRUST_ANCHORS"):
        sign(ca.credentials(names="crl"), evidence(ca))


def test_a_certificate_of_nobody_we_trust_stops_the_letter(ca: Authority) -> None:
    foreign = replace(evidence(ca), anchors=tuple(read_certificates(credentials("RSA")[1])))
    with pytest.raises(CannotSign, match="TRUST_ANCHORS"):
        sign(ca.credentials(names="crl"), foreign)


def test_a_letter_that_carries_its_signers_revocation_is_refused(ca: Authority) -> None:
    by = ca.credentials(names="crl")
    ca.revoked_at = NOW - timedelta(minutes=1)
    writer = IncrementalPdfFileWriter(BytesIO(letter()))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, crls=[CertificateList.load(ca.crl())])
    carrying = BytesIO()
    writer.write(carrying)
    content = pades.sign(carrying.getvalue(), by, signed_at=NOW, reason="签发预付款保函", location="北京")
    assert validation.validate(content, [ca.anchor]).faults == (Fault.REVOKED,)


def test_a_timestamp_proves_when(ca: Authority) -> None:
    content = sign(ca.credentials(names=""), evidence(ca, stamped=True))
    found = validation.validate(content, [ca.anchor])
    assert found.faults == ()
    assert found.signed_at == NOW


def test_a_timestamp_and_revocation_data_go_together(ca: Authority) -> None:
    content = sign(ca.credentials(names="crl"), evidence(ca, stamped=True))
    assert validation.validate(content, [ca.anchor]).faults == ()
    assert content.count(b"%%EOF") == 2


def test_a_timestamp_of_an_untrusted_authority_is_refused(ca: Authority) -> None:
    with authority(NOW) as stranger:
        foreign = replace(evidence(ca), timestamps=TimestampService(Post(Address(f"{stranger.address}/stamp"))))
        content = sign(ca.credentials(names=""), foreign)
    assert validation.validate(content, [ca.anchor]).faults == (Fault.UNSTAMPED,)
    assert validation.validate(content, [ca.anchor, stranger.anchor]).faults == ()


def test_a_stated_time_that_the_timestamp_belies_is_refused(ca: Authority) -> None:
    by = ca.credentials(names="")
    for delay in (timedelta(hours=2), timedelta(hours=-2)):
        ca.stamps_at = NOW + delay
        content = sign(by, evidence(ca, stamped=True))
        assert validation.validate(content, [ca.anchor]).faults == (Fault.MISTIMED,)


def test_the_timestamp_counts_and_not_the_stated_time(ca: Authority) -> None:
    """Whoever sets the clock back cannot sign with a certificate that has expired."""
    by = ca.credentials(names="")
    ca.stamps_at = by.not_after + timedelta(days=1)
    content = sign(by, evidence(ca, stamped=True), at=by.not_after - timedelta(seconds=1))
    assert Fault.OUT_OF_DATE in validation.validate(content, [ca.anchor]).faults


@pytest.mark.parametrize("position", range(0, 100, 3))
def test_a_changed_byte_of_a_stamped_signature_is_found(stamped: tuple[bytes, bytes], position: int) -> None:
    content, anchor = stamped
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = len(content[: content.index(b">", start)].rstrip(b"0"))
    place = start + (end - start) * position // 100
    digit = b"1" if content[place] == ord("0") else b"0"
    assert validation.validate(content[:place] + digit + content[place + 1 :], [anchor]).faults


@pytest.fixture(scope="module")
def stamped() -> tuple[bytes, bytes]:
    with authority(NOW) as made:
        return sign(made.credentials(names="crl"), evidence(made, stamped=True)), made.anchor


@pytest.mark.parametrize(
    "answer",
    [
        (500, "text/plain", b""),
        (200, "application/timestamp-reply", b""),
        (200, "application/timestamp-reply", b"\x30\x05garbage"),
        (200, "text/html", b"<html>"),
    ],
)
def test_an_authority_that_gives_no_timestamp_stops_the_letter(ca: Authority, answer: tuple[int, str, bytes]) -> None:
    with serving(lambda _asked: answer) as address:
        beside = Evidence((), TimestampService(Post(Address(address))))
        with pytest.raises(CannotSign, match="timestamp"):
            sign(ca.credentials(names=""), beside)


def test_an_authority_that_is_down_stops_the_letter(ca: Authority) -> None:
    beside = Evidence((), TimestampService(Post(Address("http://127.0.0.1:1/stamp"))))
    with pytest.raises(CannotSign, match="timestamp cannot be had"):
        sign(ca.credentials(names=""), beside)


def test_sm2_letters_carry_timestamps_too(ca: Authority) -> None:
    by, anchor = credentials("SM2")
    at = by.particulars.not_before + timedelta(days=1)
    with authority(at) as stamps:
        content = sign(by, evidence(stamps, stamped=True), at=at)
    assert validation.validate(content, [anchor, stamps.anchor]).faults == ()


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not installed")
def test_poppler_agrees(tmp_path, stamped) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(stamped[0])
    found = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in found
    assert "Total document signed" in found
