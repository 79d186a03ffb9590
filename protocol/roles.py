"""What each role may do with connections and messages."""

from staff.roles import Role

READ = {
    "protocol.view_connection",
    "protocol.view_message",
    "protocol.view_notification",
    "protocol.view_attempt",
    "protocol.view_alert",
}

#: The story of a case includes what the platform said and was told; what a message holds is not shown with it.
FOLLOW = {"protocol.view_message", "protocol.view_notification"}

GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: FOLLOW,
    Role.REVIEWER: FOLLOW,
    Role.CASHIER: FOLLOW,
    Role.ISSUER: FOLLOW,
    Role.CLAIMS_HANDLER: FOLLOW | {"protocol.view_alert", "protocol.settle_alert", "protocol.read_refused_demands"},
    Role.MANAGER: READ | {"protocol.settle_notification", "protocol.settle_alert"},
    Role.AUDITOR: READ | {"protocol.read_message_content", "protocol.read_refusals", "protocol.view_refusaltally"},
    Role.ADMINISTRATOR: READ
    | {
        "protocol.add_connection",
        "protocol.read_refusals",
        "protocol.view_refusaltally",
        "protocol.change_connection",
        "protocol.settle_notification",
        "protocol.settle_alert",
    },
}
