"""The message to an applicant, to be sent as text by whatever way staff have to it: always in Chinese."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from guarantees.applicants import requests
from guarantees.applicants.links import CODE_DIGITS, address_of
from guarantees.letter.wording.dates import chinese_date
from guarantees.models import ApplicantLink, Application, SupplementRequest, SupplementState
from staff import clock


def text(application: Application, link: ApplicantLink, asked: SupplementRequest | None) -> str:
    """What is asked for and by when, or that the page shows how the application stands; the link, and how it opens.

    No name of a person stands in it, no telephone and no sum: it may go through any messenger. The code is not in it.
    """
    with translation.override("zh-hans"):
        parts = [_greeting(application), *(_asked(asked) if asked else [_("Its progress is shown on its own page.")])]
        parts += [
            _("Open this link of yours:"),
            address_of(link),
            _(
                "The page asks for the last %(number)d digits of the telephone that you gave with the application. "
                "The link is valid until %(day)s; hand it to nobody outside your company."
            )
            % {"number": CODE_DIGITS, "day": chinese_date(clock.day(link.expires_at))},
        ]
        if settings.INSTITUTION_TELEPHONE:
            parts.append(_("Questions: %(telephone)s") % {"telephone": settings.INSTITUTION_TELEPHONE})
        return "\n".join(str(part) for part in parts)


def _greeting(application: Application) -> str:
    return _("[%(institution)s] To %(applicant)s: your application for an advance payment guarantee, %(project)s.") % {
        "institution": settings.INSTITUTION_NAME,
        "applicant": application.applicant_name,
        "project": application.project_name,
    }


def _asked(asked: SupplementRequest) -> list[str]:
    listed = [f"{place}. {name}" for place, name in enumerate(requests.names(asked), 1)]
    sentence = _("Its examination needs these documents by %(day)s:")
    if asked.state == SupplementState.OVERDUE:
        sentence = _("Its examination still lacks these documents, which were due by %(day)s:")
    return [sentence % {"day": chinese_date(asked.deadline)}, *listed, *([asked.words] if asked.words else [])]
