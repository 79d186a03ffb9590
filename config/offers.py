"""What the configuration offers: the people of the demonstration, and what must hold of the whole house."""

from __future__ import annotations

from django.core.checks import Tags

from config import checks, demonstration, room_checks
from config.history.filling import being_filled
from staff.checks import Check
from staff.desk.home import Notice

LOGINS = demonstration.LOGINS
NOTICES = [Notice(flag=being_filled, permissions=("guarantees.view_application", "staff.view_user"))]

CHECKS = [
    Check(checks.it_is_no_demonstration, Tags.security, deploy=True),
    Check(checks.people_come_by_https, Tags.security, deploy=True),
    Check(checks.keys_are_of_our_own, Tags.security, deploy=True),
    Check(checks.files_are_closed_to_others, Tags.security),
    Check(room_checks.every_list_is_of_a_kind),
    Check(room_checks.every_name_is_offered_once),
    Check(room_checks.every_permission_is_declared_and_held),
    Check(room_checks.every_decision_has_its_page),
    Check(room_checks.every_decision_says_what_it_does),
    Check(room_checks.every_entry_has_its_page),
    Check(room_checks.every_panel_has_its_page),
    Check(room_checks.every_report_can_be_seen),
    Check(room_checks.every_record_says_its_unit),
]
