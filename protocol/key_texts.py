"""What people are told of a key: its fingerprint, and what is wrong with it, in their language."""

from base64 import b64decode

from django.utils.translation import gettext

from protocol.crypto import keys, sm3
from protocol.crypto.keys import KeyFormatError


def fingerprint(key: str) -> str:
    """SM3 of the public key's 65-byte point, in groups of eight hex digits. KeyFormatError where it is no key."""
    digest = sm3.digest(b64decode(keys.public_text(keys.load_public(key)))).hex()
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def key_error_text(error: KeyFormatError) -> str:
    """The error's sentence from the catalogue."""
    text = gettext(error.text)
    return text % error.values if error.values else text
