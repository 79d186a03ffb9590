"""Lists of words from which people choose: each as the institution has it, with its history."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.account import User


class KeptWordList(models.Model):
    """One list, by the code under which a room offers it (`staff.word_lists`)."""

    unit_path = None  # the whole institution's

    code = models.CharField(_("code"), max_length=32, unique=True)

    class Meta:
        verbose_name = _("list of words")
        verbose_name_plural = _("lists of words")
        default_permissions = ("view",)
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def audit_chain(self) -> str:
        return f"word-list:{self.pk}"

    def latest(self) -> WordListVersion | None:
        """What is in force; None where that is the default."""
        return self.versions.first()


class WordListVersionQuerySet(models.QuerySet["WordListVersion"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of a list is never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("A version of a list is never deleted.")


class WordListVersion(models.Model):
    """The whole list from a moment on, in its order; the latest is in force, and nobody changes one.

    Each of `words` has `code`, `text` (None where it is the default's), `needs_words` and `retired`.
    """

    word_list = models.ForeignKey(
        KeptWordList, verbose_name=_("list of words"), on_delete=models.PROTECT, related_name="versions"
    )
    words = models.JSONField(_("words"))
    change = models.CharField(_("change"), max_length=255)
    made_at = models.DateTimeField(_("made at"))
    proposed_by = models.ForeignKey(User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(User, verbose_name=_("confirmed by"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=255)

    objects = WordListVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a list of words")
        verbose_name_plural = _("versions of lists of words")
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.word_list} · {self.made_at:%Y-%m-%d}"
