"""A connection: one platform's agreement with us."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address, ip_network

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from protocol import certificates
from protocol.crypto import keys, sm2
from protocol.dialect import Dialect
from protocol.envelope import Party
from protocol.families import DEFAULT, FAMILIES, Family, family_called
from protocol.key_texts import key_error_text
from protocol.vocabulary import Transcode
from staff import clock
from staff.encryption import EncryptedTextField


def families() -> list[tuple[str, str]]:
    """The families that are offered, by name, as people call them."""
    return [(family.name, gettext(family.label)) for family in FAMILIES]


def validate_networks(value: list[str]) -> None:
    try:
        for network in value:
            ip_network(network)
    except (TypeError, ValueError) as error:
        raise ValidationError(_("Not a network such as 10.0.0.0/8: %(error)s") % {"error": error}) from None


def validate_dialect(value: dict[str, str]) -> None:
    try:
        Dialect.from_mapping(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def validate_platform_key(value: str) -> None:
    read_platform_key(value)


def read_platform_key(given: str | bytes) -> str:
    """The public key in a text or a file's bytes, as it is stored; or ValidationError saying what was given instead."""
    try:
        return keys.public_text(keys.load_public(given))
    except keys.KeyFormatError as error:
        raise ValidationError(key_error_text(error)) from None


def validate_certificates(value: str) -> None:
    try:
        certificates.authorities(value)
    except certificates.CertificateError as error:
        raise ValidationError(str(error.text)) from None


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def agreed(self) -> ConnectionQuerySet:
        """Those by which messages are exchanged."""
        return self.exclude(platform_key="")


class Connection(models.Model):
    """One platform: its appid, appkey and appsecret, both key pairs' halves that are ours to hold, and its address."""

    unit_path = None

    name = models.CharField(_("platform"), max_length=128, unique=True)
    appid = models.CharField(_("appid"), max_length=32, unique=True)
    appkey = EncryptedTextField("appkey")
    appsecret = EncryptedTextField("appsecret")
    private_key = EncryptedTextField(_("our private key"), editable=False)
    platform_key = models.TextField(_("its public key"), validators=[validate_platform_key])
    address = models.URLField(_("its address"), max_length=512, blank=True)
    ca_certificate = models.TextField(
        _("its certification authority"),
        blank=True,
        validators=[validate_certificates],
        help_text=_("PEM, where the address has a certificate of a private authority. Empty: the public ones."),
    )
    client_certificate = EncryptedTextField(
        _("our client certificate"),
        blank=True,
        help_text=_("PEM with its private key, where the address asks for one."),
    )
    networks = models.JSONField(
        _("allowed networks"),
        default=list,
        blank=True,
        validators=[validate_networks],
        help_text=_("Empty: any."),
    )
    #: How it names its fields and codes (protocol/families.py).
    family = models.CharField(_("family of platforms"), max_length=32, choices=families, default=DEFAULT)
    dialect = models.JSONField(_("dialect"), default=dict, blank=True, validators=[validate_dialect])
    suspended = models.BooleanField(_("suspended"), default=False)
    files_suspended = models.BooleanField(_("fetching and verifying files suspended"), default=False)
    parked = models.BooleanField(_("delivery parked"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        default_permissions = ("add", "change", "view")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"connection:{self.pk}"

    def clean(self) -> None:
        """Keys are kept in one form, however they came; a client certificate has its private key, which opens it."""
        super().clean()
        with suppress(ValidationError):  # its field's validator has said so
            self.platform_key = read_platform_key(self.platform_key)
        if self.client_certificate:
            try:
                self.client_certificate = certificates.client_certificate(self.client_certificate)
            except certificates.CertificateError as error:
                raise ValidationError({"client_certificate": str(error.text)}) from None

    @property
    def is_agreed(self) -> bool:
        """Whether the platform's key is known: before that nothing is received or sent."""
        return bool(self.platform_key)

    @property
    def speaks(self) -> Family:
        """What its family of platforms says; UnknownFamily where that is not offered any more."""
        return family_called(self.family)

    def own_key(self) -> sm2.PrivateKey:
        """Our key pair for this platform."""
        return keys.load_private(self.private_key)

    def party(self) -> Party:
        """This agreement as the envelope functions take it, seen from our side."""
        return Party(
            appid=self.appid,
            appkey=self.appkey,
            appsecret=self.appsecret,
            own_key=self.own_key(),
            peer_key=keys.load_public(self.platform_key),
            dialect=Dialect.from_mapping(self.dialect),
            file_field=self.speaks.tables[Transcode.VERIFY_FILE].name_of("file"),
        )

    def allows(self, address: str) -> bool:
        """Whether a request from this IP address may speak for this connection."""
        return not self.networks or any(ip_address(address) in ip_network(network) for network in self.networks)
