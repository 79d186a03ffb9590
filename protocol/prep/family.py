"""The specification's own family; another is a folder like this one and its line in protocol/offers.py."""

from protocol.families import DEFAULT, Family
from protocol.prep.transcodes import TABLES
from protocol.wire_language import gettext_noop as _

PREP = Family(DEFAULT, _("as the PREP specification has it"), TABLES)
