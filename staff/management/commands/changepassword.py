"""Django's own command, and an entry on the trail."""

from __future__ import annotations

from getpass import getuser
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import no_translations
from django.db import transaction

from staff.accounts import SET_BY_OPERATOR, at_the_command_line
from staff.models import User


class Command(changepassword.Command):
    @no_translations
    def handle(self, *args: Any, **options: Any) -> Any:
        username = options["username"] or getuser()
        output = super().handle(*args, **{**options, "username": username})
        with transaction.atomic():
            at_the_command_line(SET_BY_OPERATOR, User.objects.get_by_natural_key(username), getuser())
        return output
