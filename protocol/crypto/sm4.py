"""SM4 (GB/T 32907) in the two modes of digital envelopes, by OpenSSL, with PKCS#7 padding."""

from collections.abc import Iterable
from io import BytesIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_SIZE = KEY_SIZE = 16


class PaddingError(ValueError):
    """What was decrypted is not padded by PKCS#7: a wrong key, mode or text."""

    def __init__(self) -> None:
        super().__init__("The SM4 text does not end in PKCS#7 padding: its key or mode is another.")


def encrypt_ecb(key: bytes, plaintext: bytes) -> bytes:
    """`plaintext`, padded and encrypted block by block; `key` is 16 bytes."""
    return _encrypt(key, modes.ECB(), plaintext)  # noqa: S305 (the specification's digital envelope; each key is used once)


def decrypt_ecb(key: bytes, ciphertext: bytes) -> bytes:
    """The reverse of `encrypt_ecb`, or PaddingError."""
    return _decrypt(key, modes.ECB(), ciphertext)  # noqa: S305


def decrypt_pieces(key: bytes, iv: bytes | None, pieces: Iterable[bytes]) -> BytesIO:
    """As `decrypt_cbc`, without `iv` as `decrypt_ecb`, of a ciphertext that comes in pieces; or PaddingError."""
    decryptor = Cipher(algorithms.SM4(key), modes.ECB() if iv is None else modes.CBC(iv)).decryptor()  # noqa: S305
    unpadder = PKCS7(BLOCK_SIZE * 8).unpadder()
    plaintext = BytesIO()
    for piece in pieces:
        plaintext.write(unpadder.update(decryptor.update(piece)))
    try:
        plaintext.write(unpadder.update(decryptor.finalize()) + unpadder.finalize())
    except ValueError:
        raise PaddingError from None
    return plaintext


def encrypt_cbc(key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """`plaintext`, padded and encrypted in chained blocks; `key` and `iv` are 16 bytes."""
    return _encrypt(key, modes.CBC(iv), plaintext)


def decrypt_cbc(key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """The reverse of `encrypt_cbc`, or PaddingError."""
    return _decrypt(key, modes.CBC(iv), ciphertext)


def _encrypt(key: bytes, mode: modes.ECB | modes.CBC, plaintext: bytes) -> bytes:
    padder = PKCS7(BLOCK_SIZE * 8).padder()
    encryptor = Cipher(algorithms.SM4(key), mode).encryptor()
    return encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()


def _decrypt(key: bytes, mode: modes.ECB | modes.CBC, ciphertext: bytes) -> bytes:
    if not ciphertext or len(ciphertext) % BLOCK_SIZE:
        raise PaddingError
    decryptor = Cipher(algorithms.SM4(key), mode).decryptor()
    unpadder = PKCS7(BLOCK_SIZE * 8).unpadder()
    try:
        return unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()
    except ValueError:
        raise PaddingError from None
