"""What is kept with a case of whichever room: documents, and what staff note for each other."""

from __future__ import annotations

from typing import Any, NoReturn

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from staff.encryption import EncryptedTextField
from staff.models.account import User


class DocumentSource(models.TextChoices):
    """Who brought a document."""

    STAFF = "staff", _("staff")
    APPLICANT = "applicant", _("applicant")


class DocumentState(models.TextChoices):
    ON_FILE = "on_file", _("on file")
    STRUCK_OUT = "struck_out", _("struck out")


class KeptQuerySet(models.QuerySet[Any]):
    """Of rows that stay."""

    def on(self, case: models.Model) -> KeptQuerySet:
        return self.filter(subject_type=case._meta.label_lower, subject_id=case.pk)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("What is kept with a case is not changed.")

    def delete(self) -> NoReturn:
        raise TypeError("What is kept with a case is not deleted.")


class Kept(models.Model):
    """One thing kept with a case, which is named as in the audit trail, since it may be of any room."""

    subject_type = models.CharField(_("kind of case"), max_length=64)
    subject_id = models.BigIntegerField(_("case"))
    chain = models.CharField(_("chain"), max_length=64, db_index=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def audit_chain(self) -> str:
        """Its case's: what happens to it is written there."""
        return self.chain

    @property
    def case_model(self) -> type[models.Model]:
        return apps.get_model(self.subject_type)

    @property
    def case(self) -> models.Model:
        return self.case_model._default_manager.get(pk=self.subject_id)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("What is kept with a case is not deleted.")


class CaseDocument(Kept):
    """A file that belongs to a case: stored under its digest, as it came.

    on_file → struck_out    it counts no more, and is still shown with the reason

    `kind` is the code of its type in the list of words; `kind_text` is what the list called it then, `words` what it is
    where the list says too little. A file's own name, and what a person says of it, often hold somebody's name.
    """

    unit_path = None  # whose it is, its chain names (NAMINGS of the rooms' offers)

    kind = models.CharField(_("type"), max_length=16, db_index=True)
    kind_text = models.CharField(_("type's words"), max_length=64)
    words = EncryptedTextField(_("what it is"), blank=True)
    file = models.FileField(_("file"), max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size"))  # in bytes
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    name = EncryptedTextField(_("file's name"), blank=True)
    source = models.CharField(_("brought by"), max_length=16, choices=DocumentSource.choices)
    uploaded_by = models.ForeignKey(
        User, verbose_name=_("uploaded by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("attached at"), db_index=True)
    state = FSMField(
        _("state"), choices=DocumentState.choices, default=DocumentState.ON_FILE, protected=True, db_index=True
    )
    struck_out_reason = models.CharField(_("why struck out"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("document on a case")
        verbose_name_plural = _("documents on cases")
        default_permissions = ("view",)
        permissions = [("add_case_document", _("Can attach documents to cases, and strike them out"))]
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DocumentState.values), name="case_document_state"),
            models.CheckConstraint(
                condition=models.Q(source__in=DocumentSource.values), name="case_document_source_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source=DocumentSource.APPLICANT) | models.Q(uploaded_by__isnull=False),
                name="case_document_of_staff_has_its_person",
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "digest"],
                condition=models.Q(state="on_file"),
                name="case_document_once_on_file",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="case_document_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.kind_text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Of a document that there is, nothing is written again but whether it counts."""
        if not self._state.adding:
            kwargs["update_fields"] = ("state", "struck_out_reason")
        super().save(*args, **kwargs)

    @transition(state, source=DocumentState.ON_FILE, target=DocumentState.STRUCK_OUT)
    def strike_out(self) -> None:
        """It counts no more."""


class CaseNote(Kept):
    """What one of the staff noted on a case for the others."""

    unit_path = None

    text = EncryptedTextField(_("note"))
    digest = models.CharField("SHA-256", max_length=64)
    author = models.ForeignKey(User, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("noted at"), db_index=True)

    class Meta:
        verbose_name = _("note on a case")
        verbose_name_plural = _("notes on cases")
        default_permissions = ()
        permissions = [("add_case_note", _("Can add notes to cases"))]
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="case_note_case")]

    def __str__(self) -> str:
        return f"{self.chain} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What is kept with a case is not changed.")
        super().save(*args, **kwargs)
