"""Files that staff hand in: told by their content, stored under their digest, and given back as they came."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

#: How a file of each kind begins, and what its name ends with.
KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}


@dataclass(frozen=True)
class Document:
    """A stored file: its path in the storage, and its SHA-256 in hex."""

    path: str
    digest: str


def store(folder: str, upload: UploadedFile[Any], kind: str | None = None) -> Document:
    """Stores a checked upload, once however often it is uploaded (a decision that failed may be tried again). `kind` is
    what its name ends with, where somebody has looked already."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    path = f"{folder}/{digest.hexdigest()}.{kind or kind_of(upload)}"
    if not _holds(path, digest.hexdigest()):
        path = default_storage.save(path, upload)  # beside a file that was not written whole, under another name
    upload.seek(0)
    return Document(path, digest.hexdigest())


def _holds(path: str, digest: str) -> bool:
    """Whether the file lies there as it came: a disk that was full leaves the beginning of one."""
    if not default_storage.exists(path):
        return False
    with default_storage.open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def stored(document: Document, name: str) -> UploadedFile[Any] | None:
    """The file as it was handed in, under its name; None where it is missing or was changed."""
    try:
        with default_storage.open(document.path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != document.digest:
        return None
    return SimpleUploadedFile(name, content)


def kind_of(upload: UploadedFile[Any]) -> str | None:
    """ "pdf", "jpg" or "png"; None for anything else."""
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    return next((kind for beginning, kind in KINDS.items() if head.startswith(beginning)), None)
