"""A past that never was: some years of an institution's life, played through its own decisions by a set clock.

`shares` says what becomes of how many orders, `lives` how each of these goes in the words of a `course`, `plan` draws
from a seed when. `play` does it: `platforms` speak to the gateway, `people` decide as at the `desk`, `deliveries` come
of themselves. `making` says where it may be made at all. Nothing here writes a case's row: what production refuses does
not happen.
"""
