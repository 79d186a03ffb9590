"""A wording of the institution's own: an insurer's filed clauses, or whatever its lawyers want its letters to say."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.letter.wording import kinds, wordings
from guarantees.models.states import WordingState
from staff.trade_words import InstitutionKind


class LetterKind(models.TextChoices):
    """The promises that a letter may give; which of them an institution may issue, `kinds.ALLOWED` says."""

    INDEPENDENT = kinds.INDEPENDENT, kinds.LETTERS[kinds.INDEPENDENT].label
    SURETYSHIP = kinds.SURETYSHIP, kinds.LETTERS[kinds.SURETYSHIP].label
    INSURANCE = kinds.INSURANCE, kinds.LETTERS[kinds.INSURANCE].label


class UploadedWording(models.Model):
    """One version of a kind. Its text is never edited: another text is another version.

    draft → in use → withdrawn      another one of its kind is put into use, or the shipped file is good again
    draft → withdrawn               it was no good
    """

    unit_path = None

    kind = models.CharField(_("kind of letter"), max_length=16, choices=LetterKind.choices)
    version = models.CharField(_("version"), max_length=32)
    state = FSMField(
        _("state"), choices=WordingState.choices, default=WordingState.DRAFT, protected=True, db_index=True
    )
    text = models.TextField(_("text"))
    digest = models.CharField(_("the text's SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    put_into_use_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("put into use by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    put_into_use_at = models.DateTimeField(_("put into use at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        default_permissions = ("view",)
        permissions = [
            ("upload_wording", _("Can upload wordings")),
            ("decide_wording", _("Can put wordings into use and withdraw them")),
        ]
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=WordingState.values), name="wording_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=LetterKind.values), name="wording_kind_known"),
            models.UniqueConstraint(fields=["kind", "version"], name="wording_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state=WordingState.IN_USE), name="wording_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return wordings.in_words(self.code)

    @property
    def code(self) -> str:
        """As letters and the audit trail record it, whatever it is called."""
        return f"{self.kind}/{self.version}"

    @property
    def audit_chain(self) -> str:
        return f"wording:{self.kind}"

    @classmethod
    def lock_kind(cls, kind: str) -> None:
        """Locks all of a kind until the transaction ends: which of them is in use is one matter."""
        list(cls.objects.select_for_update().filter(kind=kind).order_by("pk").values_list("pk"))

    @classmethod
    def used(cls, kind: str) -> UploadedWording | None:
        """The one of this kind that is in use."""
        return cls.objects.filter(kind=kind, state=WordingState.IN_USE).first()

    def read(self) -> wordings.Wording:
        """The wording, checked again: the placeholders may be others than when it was uploaded.

        Raises WordingError.
        """
        if sha256(self.text.encode()).hexdigest() != self.digest:
            message = gettext("%(wording)s: its text is not the one that was uploaded (its SHA-256 differs).")
            raise wordings.WordingError(message % {"wording": self})
        return wordings.parse(self.kind, self.version, self.text)

    def trouble(self) -> str | None:
        """Why no letter of this institution could say it; None where one could."""
        institution = InstitutionKind(settings.INSTITUTION_KIND)
        if self.kind not in kinds.ALLOWED[institution]:
            reason = gettext("An institution of the kind %(kind)s cannot issue such a letter.")
            return reason % {"kind": kinds.INSTITUTIONS[institution]}
        try:
            self.read()
        except wordings.WordingError as error:
            return str(error)
        return None

    @transition(state, source=WordingState.DRAFT, target=WordingState.IN_USE)
    def put_into_use(self) -> None:
        """The next letter says it, and no longer the one that was in use before."""

    @transition(state, source=[WordingState.DRAFT, WordingState.IN_USE], target=WordingState.WITHDRAWN)
    def withdraw(self) -> None:
        """No letter says it any more."""
