"""A past that never was: some years of an institution's life, played through its own decisions by a set clock.

`shares` says what becomes of how many orders, `lives` how each of these goes, `plan` draws from a seed when; `play` does
it: platforms speak to the gateway (`platforms`), staff decide as at the desk (`desk`, `people`), the delivery tells the
platforms (`deliveries`). Nothing here writes a case's row: what production refuses does not happen.
"""
