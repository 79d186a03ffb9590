"""What is asked for where an agreement with a platform is entered or changed. Secrets go in and never come out."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from protocol import certificates
from protocol.crypto.keys import KeyFormatError
from protocol.dialect import CHOICES, FRESHNESS, FRESHNESS_RANGE, Dialect
from protocol.families import FAMILIES
from protocol.key_texts import fingerprint
from protocol.models import Connection
from protocol.models.connection import read_platform_key, validate_networks
from staff.desk.form_fields import SecretField

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


class KeyField(forms.CharField):
    """A public key, told with its fingerprint: by it two people compare keys over the telephone."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def told(self, value: str) -> str:
        try:
            return f"{value} (SM3 {fingerprint(value)})" if value else "—"
        except KeyFormatError:
            return value


class CertificateField(SecretField):
    """A certificate with its private key: the certificate's fingerprint is told, and neither is shown."""

    class Unshown(forms.Textarea):
        def format_value(self, value: Any) -> str:
            return ""

    def __init__(self, **kwargs: Any) -> None:
        looks = {"rows": 3, "spellcheck": "false", "autocomplete": "off"}
        super().__init__(**{"widget": self.Unshown(attrs=looks), **kwargs})

    def told(self, value: str) -> str:
        if not value:
            return "—"
        try:
            first = ssl.PEM_cert_to_DER_cert(certificates.first(value))
        except (ValueError, certificates.CertificateError):
            return super().told(value)
        return f"SHA-256 {hashlib.sha256(first).hexdigest()}"


class NetworksField(forms.CharField):
    """Networks, one per line; a list of them is what it gives."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        networks = str(super().clean(value)).split()
        validate_networks(networks)
        return networks

    def told(self, value: Any) -> str:
        networks = value.split() if isinstance(value, str) else value
        return ", ".join(networks or ()) or gettext("any")


class ConnectionForm(ModelForm):
    """One field per matter of the dialect; networks one per line; secrets only to replace them. What it gives back
    under `agreed` are the columns with their values."""

    appkey = SecretField(label="appkey", max_length=256)
    appsecret = SecretField(label="appsecret", max_length=256)
    client_certificate = CertificateField(
        label=_("Our client certificate"),
        required=False,
        help_text=_("PEM with its private key, where the address asks for one. Stored, never shown."),
    )
    no_client_certificate = forms.BooleanField(
        label=_("Take our client certificate away"), required=False, help_text=_("One is stored.")
    )
    platform_key = KeyField(
        label=_("its public key"),
        required=False,  # it may come as a file
        help_text=_("The platform's SM2 public key, or a certificate of it: base64, hex or PEM."),
    )
    platform_key_file = forms.FileField(
        label=_("Its public key as a file"),
        required=False,
        help_text=_("A key or certificate as PEM or DER; it takes the place of what stands above."),
    )
    address = forms.URLField(
        label=_("its address"),
        max_length=512,
        required=False,
        assume_scheme="https",
        help_text=_("Where our notifications go. Empty: they wait."),
    )
    network_lines = NetworksField(
        label=_("Allowed networks"),
        required=False,
        help_text=_("One per line, such as 10.0.0.0/8. Empty: any."),
    )
    field_order: Sequence[str] = (
        *("name", "appid", *SECRETS, "family", "platform_key", "platform_key_file", "address", "network_lines"),
        *("ca_certificate", "client_certificate", "no_client_certificate"),
    )

    class Meta:
        model = Connection
        fields = ("name", "appid", "family", "ca_certificate")
        widgets = {"ca_certificate": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}
        help_texts = {"family": _("How it names the fields of its messages, and their codes.")}

    def __init__(self, data: Any, files: Any, *, connection: Connection) -> None:
        self.connection = connection
        # A copy: what the form makes of it is nobody's row before the decision is taken.
        super().__init__(data, files, instance=copy(connection), initial=present(connection))
        if len(list(FAMILIES)) < 2:
            del self.fields["family"]
        if not connection.client_certificate:
            del self.fields["no_client_certificate"]
        for name in SECRETS:
            if getattr(connection, name):
                self.fields[name].required = False
                self.fields[name].help_text = _("Stored, never shown. Empty: stays as it is.")

    def clean_appkey(self) -> str:
        return str(self.cleaned_data["appkey"] or self.connection.appkey)

    def clean_appsecret(self) -> str:
        return str(self.cleaned_data["appsecret"] or self.connection.appsecret)

    def clean_client_certificate(self) -> str:
        taken_away = self.add_prefix("no_client_certificate") in self.data
        stays = "" if taken_away else self.connection.client_certificate
        given = str(self.cleaned_data["client_certificate"] or stays)
        try:
            return certificates.client_certificate(given) if given else ""
        except certificates.CertificateError as error:
            raise ValidationError(str(error.text)) from None

    def clean_platform_key(self) -> str:
        given = str(self.cleaned_data["platform_key"])
        return read_platform_key(given) if given else ""

    def clean_platform_key_file(self) -> str:
        given = cast("UploadedFile[bytes] | None", self.cleaned_data["platform_key_file"])
        if given is None:
            return ""
        if given.size is None or given.size > LARGEST_KEY_FILE:
            raise ValidationError(_("A key's file is smaller than 64 KB; this is another."))
        return read_platform_key(given.read())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if from_file := data.pop("platform_key_file", ""):
            # A proposal keeps what was given: the key itself, not the file that it came in.
            given = cast("QueryDict", self.data).copy()
            given["platform_key"] = data["platform_key"] = from_file
            self.data = given
            self.errors.pop("platform_key", None)
        elif not data.get("platform_key") and not {"platform_key", "platform_key_file"} & set(self.errors):
            self.add_error("platform_key", _("Give the platform's public key, as text or as a file."))
        if not self.errors:
            chosen = {choice.name: data[dialect_field(choice.name)] for choice in CHOICES}
            try:
                dialect = Dialect.from_mapping({**chosen, FRESHNESS: data[dialect_field(FRESHNESS)]})
            except ValueError as error:
                raise ValidationError(str(error)) from None
            columns = (*self.Meta.fields, *SECRETS, "platform_key", "address", "client_certificate")
            agreed = {name: data[name] for name in columns if name in data}
            data["agreed"] = {**agreed, "networks": data["network_lines"], "dialect": dialect.as_mapping()}
        return data


def present(connection: Connection) -> dict[str, Any]:
    """The form's values as they are now, secrets among them: they are compared, and its fields show none."""
    dialect = Dialect.from_mapping(connection.dialect)
    names = [*ConnectionForm.Meta.fields, *SECRETS, "platform_key", "address", "client_certificate"]
    return {
        **{name: getattr(connection, name) for name in names},
        "network_lines": connection.networks,
        **{dialect_field(name): getattr(dialect, name) for name in (*(choice.name for choice in CHOICES), FRESHNESS)},
    }


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
