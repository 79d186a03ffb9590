"""What a PDF says to whoever copies its text."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest


def text_of(content: bytes) -> str:
    """The text in reading order, without its blanks and line ends."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, and nothing else here reads a PDF's text")
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def content_of(record: Any) -> bytes:
    """The stored file of a letter or another paper."""
    with record.file.open("rb") as stored:
        return bytes(stored.read())


def byte_changed(content: bytes) -> bytes:
    """The file with one byte of a page changed."""
    at = content.index(b"stream") + 20
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
