"""The largest file that anybody hands in: at the desk, on the public page, or through a platform."""

from __future__ import annotations

#: In bytes.
MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
