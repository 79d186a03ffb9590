"""Django's own command, and an entry on the trail."""

from __future__ import annotations

from getpass import getuser
from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import no_translations
from django.db import transaction

from staff.accounts import SUPERUSER_MADE, at_the_command_line
from staff.models import User


class Command(createsuperuser.Command):
    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            last = User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            super().handle(*args, **options)
            for account in User.objects.filter(pk__gt=last, is_superuser=True):
                at_the_command_line(SUPERUSER_MADE, account, getuser())
