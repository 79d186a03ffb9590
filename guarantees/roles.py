"""What each role may do with applications and guarantees."""

from staff.roles import Role

READ = {
    "guarantees.view_application",
    "guarantees.view_guarantee",
    "guarantees.view_order",
    "guarantees.view_receipt",
    "guarantees.view_refund",
    "guarantees.view_cancellation",
    "guarantees.view_withdrawal",
    "guarantees.view_issuedpaper",
    "guarantees.view_uploadedwording",
}
#: Who answers for the numbers of letters, or looks whether one is missing.
NUMBERS = {"guarantees.view_guaranteenumber"}
#: Who judges applications also judges what ends them.
JUDGE = READ | {
    "guarantees.approve_application",
    "guarantees.make_payment_notice",
    "guarantees.decide_cancellation",
    "guarantees.decide_withdrawal",
    "guarantees.record_deduction",
    "guarantees.view_personal_data",
}

GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: JUDGE,
    Role.REVIEWER: JUDGE,
    Role.CASHIER: READ | {"guarantees.make_payment_notice", "guarantees.settle_premium", "guarantees.pay_refund"},
    Role.ISSUER: READ | NUMBERS | {"guarantees.issue_guarantee", "guarantees.give_up_application"},
    Role.CLAIMS_HANDLER: READ | {"guarantees.view_personal_data", "guarantees.record_deduction"},
    Role.MANAGER: READ
    | NUMBERS
    | {
        "guarantees.waive_premium",
        "guarantees.give_up_application",
        "guarantees.release_guarantee",
        "guarantees.upload_wording",
        "guarantees.decide_wording",
    },
    Role.AUDITOR: READ | NUMBERS,
    #: What letters say is the manager's decision; the administrator brings the text in, and so is the second person.
    Role.ADMINISTRATOR: {"guarantees.view_uploadedwording", "guarantees.upload_wording"},
}
