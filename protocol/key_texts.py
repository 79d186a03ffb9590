"""What is wrong with a key, in the language of whoever gave it."""

from django.utils.translation import gettext

from protocol.crypto.keys import KeyFormatError


def key_error_text(error: KeyFormatError) -> str:
    """The error's sentence from the catalogue."""
    text = gettext(error.text)
    return text % error.values if error.values else text
