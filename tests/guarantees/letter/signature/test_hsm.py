"""Signing in an HSM: SoftHSM stands in for one, behind the same PKCS#11."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import translation

from guarantees.letter.signature import hsm, validation
from guarantees.letter.signature.credentials import CannotSign, Credentials
from guarantees.letter.signature.hsm import HsmKey
from tests.guarantees.letter.signature.test_signature import credentials, letter, sign

MODULE = next((str(path) for path in Path("/usr/lib").glob("**/libsofthsm2.so")), "")
PIN = "123456"
KEYS = {"RSA": "01", "ECDSA": "02"}

pytestmark = pytest.mark.skipif(
    not (MODULE and shutil.which("softhsm2-util")), reason="SoftHSM (softhsm2) is not installed"
)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a token that holds the RSA and the ECDSA key."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")  # the module reads it when it is loaded
    command = ["softhsm2-util", "--token", "Desk", "--pin", PIN]
    run = lambda *more: subprocess.run([*command, *more], check=True, capture_output=True)  # noqa: E731
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "Desk", "--pin", PIN, "--so-pin", "87654321"],
        check=True,
        capture_output=True,
    )
    for kind, number in KEYS.items():
        path = folder / f"{kind}.pem"
        key = credentials(kind)[0].key
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        run("--import", str(path), "--label", f"signing {kind}", "--id", number)
    yield "Desk"
    del os.environ["SOFTHSM2_CONF"]


def kept(kind: str, uri: str, pin: str = PIN) -> Credentials:
    return replace(credentials(kind)[0], key=HsmKey(f"pkcs11:{uri}?module-path={MODULE}", pin))


@pytest.mark.parametrize("kind", KEYS)
def test_it_works(kind: str, token: str) -> None:
    content = sign(letter(), kept(kind, f"token={token};object=signing%20{kind}"))
    assert validation.validate(content, [credentials(kind)[1]]).faults == ()


def test_a_key_is_found_by_its_id(token: str) -> None:
    assert sign(letter(), kept("RSA", f"token={token};id=%01"))


def test_a_key_of_another_certificate_is_refused(token: str) -> None:
    with pytest.raises(CannotSign, match=r"does not sign|belongs to another certificate"):
        sign(letter(), kept("RSA", f"token={token};object=signing%20ECDSA"))


@pytest.mark.parametrize("uri", ["token=Another;object=signing%20RSA", "token=Desk;object=another"])
def test_what_the_hsm_does_not_hold_is_named(uri: str, token: str) -> None:
    with pytest.raises(CannotSign, match="does not sign") as caught:
        sign(letter(), kept("RSA", uri))
    assert uri in str(caught.value)


def test_a_module_that_is_missing_is_named(token: str) -> None:
    key = HsmKey("pkcs11:token=Desk;object=signing?module-path=/nowhere/pkcs11.so", PIN)
    with pytest.raises(CannotSign, match=r"/nowhere/pkcs11\.so"):
        sign(letter(), replace(credentials("RSA")[0], key=key))


def test_a_refused_pin_is_not_tried_again(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hsm, "_refused", set())
    wrong = kept("RSA", f"token={token};object=signing%20RSA", pin="000000")
    with pytest.raises(CannotSign, match="refuses the PIN"):
        sign(letter(), wrong)
    with monkeypatch.context() as patched:
        patched.delattr(hsm, "PKCS11SigningContext")  # whoever asks the token now fails
        with pytest.raises(CannotSign, match="refuses the PIN"):
            sign(letter(), wrong)
    assert sign(letter(), kept("RSA", f"token={token};object=signing%20RSA"))


def test_sm2_is_refused_with_advice(token: str) -> None:
    with pytest.raises(CannotSign, match="signing service"):
        sign(letter(), kept("SM2", f"token={token};object=signing"))


@pytest.mark.parametrize("uri", ["pkcs11:", "pkcs11:token=Desk;object=signing", "pkcs11:object=a?module-path=/x.so"])
def test_a_uri_that_names_no_key_is_refused_with_an_example(uri: str) -> None:
    with pytest.raises(CannotSign, match="module-path=/usr"):
        HsmKey(uri, PIN)


def test_the_pin_is_not_shown() -> None:
    assert PIN not in repr(HsmKey("pkcs11:token=Desk;object=signing?module-path=/x.so", PIN))


def test_a_pin_in_the_uri_is_refused_and_not_repeated() -> None:
    with pytest.raises(CannotSign, match="SIGNING_PASSPHRASE") as caught:
        HsmKey("pkcs11:token=Desk;object=signing?module-path=/x.so&pin-value=4711", PIN)
    assert "4711" not in str(caught.value)


def test_waiting_issuers_do_not_try_a_refused_pin_again(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hsm, "_refused", set())
    tries: list[object] = []
    ask = hsm.PKCS11SigningContext
    monkeypatch.setattr(hsm, "PKCS11SigningContext", lambda config: tries.append(config) or ask(config))
    wrong = kept("RSA", f"token={token};object=signing%20RSA", pin="000000")

    def refused(_number: int) -> None:
        with translation.override("en"), pytest.raises(CannotSign, match="refuses the PIN"):
            sign(letter(), wrong)

    with hsm._module:
        pool = ThreadPoolExecutor(4)
        waiting = [pool.submit(refused, number) for number in range(4)]
    assert [each.result() for each in waiting] == [None] * 4
    assert len(tries) == 1
