"""What staff decide on notifications that stopped, on alerts, and on connections."""

from __future__ import annotations

from typing import Any

from protocol.decisions.alert import SettleAlert
from protocol.decisions.connection import Agree, Switch
from protocol.decisions.notification import SendAgain, SendNow, SettleNotification
from staff.decisions import Decision

ALL: list[Decision[Any]] = [SendAgain(), SendNow(), SettleNotification(), SettleAlert(), Agree(), Switch()]
