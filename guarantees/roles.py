"""What each role may do with applications and guarantees."""

from staff.roles import Role

READ = {
    "guarantees.view_application",
    "guarantees.view_guarantee",
    "guarantees.view_order",
    "guarantees.view_receipt",
}

GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: READ | {"guarantees.approve_application", "guarantees.view_personal_data"},
    Role.REVIEWER: READ | {"guarantees.approve_application", "guarantees.view_personal_data"},
    Role.CASHIER: READ | {"guarantees.settle_premium"},
    Role.ISSUER: READ | {"guarantees.issue_guarantee", "guarantees.give_up_application"},
    Role.CLAIMS_HANDLER: READ,
    Role.MANAGER: READ | {"guarantees.waive_premium", "guarantees.give_up_application"},
    Role.AUDITOR: READ,
}
