"""Connections: each platform's agreement with us. Secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from protocol import audit
from protocol.crypto import keys, sm2
from protocol.dialect import CHOICES, FRESHNESS, FRESHNESS_RANGE, Dialect
from protocol.families import FAMILIES
from protocol.models import Connection
from protocol.models.connection import read_platform_key, validate_networks
from staff.desk.page import Badge, Text, Tone
from staff.desk.record import DeskAdmin
from staff.models import User

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Connection]
else:
    ModelForm = forms.ModelForm

DIALECT_LABELS = {
    "signed": _("What the signature covers"),
    "sm2_layout": _("SM2 ciphertext: order of its parts"),
    "sm2_prefix": _("SM2 ciphertext: begins with 04"),
    "sm2_text": _("SM2 ciphertext: written as"),
    "sm4_mode": _("Digital envelope: SM4 mode"),
    "claims": _("Demands: project and supplier must agree"),
    "refusal": _("Refused invalidation: what is sent"),
}
SECRETS = ("appkey", "appsecret")
LARGEST_KEY_FILE = 64 * 1024


def dialect_field(name: str) -> str:
    """The form's name of one matter of the dialect."""
    return f"dialect_{name}"


class SecretField(forms.CharField):
    """Takes a secret and never shows one."""

    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})


class ConnectionForm(ModelForm):
    """One field per matter of the dialect; networks one per line; secrets only to replace them."""

    appkey = SecretField(label="appkey", max_length=256)
    appsecret = SecretField(label="appsecret", max_length=256)
    client_certificate = forms.CharField(
        label=_("Our client certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("PEM with its private key, where the address asks for one. Stored, never shown."),
    )
    no_client_certificate = forms.BooleanField(
        label=_("Take our client certificate away"), required=False, help_text=_("One is stored.")
    )
    platform_key_file = forms.FileField(
        label=_("Its public key as a file"),
        required=False,
        help_text=_("A key or certificate as PEM or DER; it takes the place of what stands above."),
    )
    network_lines = forms.CharField(
        label=_("Allowed networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line, such as 10.0.0.0/8. Empty: any."),
    )

    class Meta:
        model = Connection
        fields: Sequence[str] = ()  # the admin's fieldsets say which
        widgets = {
            "platform_key": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "ca_certificate": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        }
        help_texts = {
            "platform_key": _("The platform's SM2 public key, or a certificate of it: base64, hex or PEM."),
            "address": _("Where our notifications go. Empty: they wait."),
            "family": _("How it names the fields of its messages, and their codes."),
            "suspended": _(
                "The platform is answered 301 and our notifications wait; demands are accepted even so, and files "
                "may be fetched and verified."
            ),
            "files_suspended": _("PREP103 and PREP104 are answered 301."),
            "parked": _("Our notifications wait until this is taken away."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dialect = Dialect.from_mapping(self.instance.dialect)
        self.fields["network_lines"].initial = "\n".join(self.instance.networks)
        for choice in CHOICES:
            self.fields[dialect_field(choice.name)].initial = getattr(dialect, choice.name)
        self.fields[dialect_field(FRESHNESS)].initial = dialect.freshness
        self.initial.pop("client_certificate", None)
        self.fields["platform_key"].required = False  # it may come as a file
        if self.instance.pk:
            for name in SECRETS:
                self.initial.pop(name, None)
                self.fields[name].required = False
                self.fields[name].help_text = _("Stored, never shown. Empty: stays as it is.")

    def clean_appkey(self) -> str:
        return str(self.cleaned_data["appkey"] or self.instance.appkey)

    def clean_appsecret(self) -> str:
        return str(self.cleaned_data["appsecret"] or self.instance.appsecret)

    def clean_client_certificate(self) -> str:
        taken_away = self.add_prefix("no_client_certificate") in self.data
        stays = "" if taken_away else self.instance.client_certificate
        return str(self.cleaned_data["client_certificate"] or stays)

    def clean_platform_key_file(self) -> str:
        given = cast("UploadedFile[bytes] | None", self.cleaned_data["platform_key_file"])
        if given is None:
            return ""
        if given.size is None or given.size > LARGEST_KEY_FILE:
            raise ValidationError(_("A key's file is smaller than 64 KB; this is another."))
        return read_platform_key(given.read())

    def clean_network_lines(self) -> list[str]:
        networks: list[str] = self.cleaned_data["network_lines"].split()
        validate_networks(networks)
        return networks

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if from_file := data.get("platform_key_file"):
            data["platform_key"] = from_file
            self.errors.pop("platform_key", None)
        elif not data.get("platform_key") and not {"platform_key", "platform_key_file"} & set(self.errors):
            self.add_error("platform_key", _("Give the platform's public key, as text or as a file."))
        if not self.errors:
            chosen = {choice.name: data[dialect_field(choice.name)] for choice in CHOICES}
            try:
                dialect = Dialect.from_mapping({**chosen, FRESHNESS: data[dialect_field(FRESHNESS)]})
            except ValueError as error:
                raise ValidationError(str(error)) from None
            self.instance.dialect = dialect.as_mapping()
            self.instance.networks = data["network_lines"]
            if not self.instance.private_key:
                self.instance.private_key = keys.private_text(sm2.generate())
        return data


def _dialect_fields() -> Iterator[tuple[str, forms.Field]]:
    for choice in CHOICES:
        default = _("%(value)s (default)") % {"value": choice.values[0]}
        options = [(choice.values[0], default), *((value, value) for value in choice.values[1:])]
        yield (
            dialect_field(choice.name),
            forms.ChoiceField(label=DIALECT_LABELS[choice.name], choices=options),
        )
    yield (
        dialect_field(FRESHNESS),
        forms.IntegerField(
            label=_("Freshness in minutes"), min_value=FRESHNESS_RANGE[0], max_value=FRESHNESS_RANGE[-1]
        ),
    )


# Declared from the dialect's own list, so that a matter added there appears here.
ConnectionForm.base_fields.update(_dialect_fields())
ConnectionForm.declared_fields.update(_dialect_fields())


@admin.register(Connection)
class ConnectionAdmin(DeskAdmin):
    form = ConnectionForm
    change_form_template = "desk/connection.html"
    list_display = ["name", "appid", "address", "state_badge", "created_at"]
    list_filter = ["suspended", "parked"]
    search_fields = ["name", "appid", "address"]
    search_help_text = _("Platform, appid or address")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.has_change_permission(request, obj):
            return [
                (None, {"fields": ("name", "appid", *_family(), "address", "shown_networks", "shown_dialect")}),
                (_("State"), {"fields": ("suspended", "files_suspended", "parked")}),
            ]
        stored = ("no_client_certificate",) if obj is not None and obj.client_certificate else ()
        platform = (*_family(), "platform_key", "platform_key_file", "address", "network_lines")
        tls = ("ca_certificate", "client_certificate", *stored)
        return [
            (None, {"fields": ("name", "appid", "appkey", "appsecret")}),
            (
                _("The platform"),
                {"fields": platform},
            ),
            (_("TLS"), {"fields": tls, "classes": ["collapse"]}),
            (_("State"), {"fields": ("suspended", "files_suspended", "parked")}),
            (_("Dialect"), {"fields": tuple(name for name, _field in _dialect_fields())}),
        ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """For readers a form of their own: the writers' one has fields that no model has."""
        if obj is not None and not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description=_("allowed networks"))
    def shown_networks(self, connection: Connection) -> str | Text:
        return ", ".join(connection.networks) or _("any")

    @admin.display(description=_("dialect"))
    def shown_dialect(self, connection: Connection) -> str | Text:
        return ", ".join(f"{name}={value}" for name, value in connection.dialect.items()) or _("default")

    @admin.display(description=_("state"))
    def state_badge(self, connection: Connection) -> str:
        if connection.suspended:
            return str(Badge(_("suspended"), Tone.BAD))
        if connection.parked:
            return str(Badge(_("delivery parked"), Tone.WARNING))
        return str(Badge(_("in service"), Tone.GOOD))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        connection: Connection | None = context.get("original")
        if connection is not None:
            key = connection.own_key().public
            context["our_key"] = {"point": keys.public_text(key), "spki": keys.public_pem(key)}
        return super().render_change_form(request, context, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.connection_created(obj, person=cast("User", request.user), changed=_changed(message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.connection_changed(obj, person=cast("User", request.user), changed=_changed(message))


def _family() -> tuple[str, ...]:
    """The field of the family, where there is a choice."""
    return ("family",) if len(list(FAMILIES)) > 1 else ()


def _changed(message: Any) -> list[str]:
    """The names of the changed fields, from what Django composes for its own log."""
    return [label for part in message or [] for label in part.get("changed", {}).get("fields", [])]
