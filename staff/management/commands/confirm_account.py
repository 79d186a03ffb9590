"""Confirms what is asked for accounts, until enough people can: the first ones of an institution have nobody else."""

from __future__ import annotations

from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import transaction

from staff.account_decisions import ConfirmRequest as Confirmation
from staff.accounts import ENOUGH_CONFIRMERS, confirm, confirmers, hand_over, open_requests, send_back, unfit
from staff.models import AccountRequest, AccountRequestState


class Command(BaseCommand):
    help = (
        "Lists what is asked for accounts, or confirms or returns one of them. Once two people can confirm at the "
        "desk, this is theirs to do."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", type=int, help="the request's number; without it they are listed")
        parser.add_argument("--return", dest="reason", default="", help="return it, with this reason")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        if options["number"] is None:
            self._list()
            return
        asked = AccountRequest.objects.select_related("unit").filter(pk=options["number"]).first()
        if asked is None:
            raise CommandError(f"There is no request {options['number']}.")
        able = confirmers(asked.unit)
        if len(able) >= ENOUGH_CONFIRMERS:
            names = ", ".join(account.username for account in able)
            raise CommandError(f"{names} can confirm at the desk; the command line leaves it to them.")
        by = f"command line: {getuser()}"
        with transaction.atomic():
            request = Confirmation().lock(asked.pk)
            if request.state != AccountRequestState.ASKED:
                raise CommandError(f"Request {request.pk} is {request.get_state_display()} already.")
            if options["reason"]:
                send_back(request, None, by, options["reason"][:255])
            elif reason := unfit(request):
                raise CommandError(reason)
            else:
                confirm(request, None, by)
            request.save()
        self.stdout.write(hand_over(request) if not options["reason"] else f"{request}: returned.")

    def _list(self) -> None:
        for request in open_requests().order_by("pk"):
            roles = ", ".join(request.roles) or "no role"
            self.stdout.write(f"{request.pk}  {request}  {roles}  asked for by {request.asked_by}: {request.reason}")
        if not open_requests().exists():
            self.stdout.write("Nothing is asked for.")
