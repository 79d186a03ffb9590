"""What each role may do with connections and messages."""

from staff.roles import Role

READ = {"protocol.view_connection", "protocol.view_message", "protocol.view_notification", "protocol.view_attempt"}

#: The story of a case includes what the platform said and was told; what a message holds is not shown with it.
FOLLOW = {"protocol.view_message", "protocol.view_notification"}

GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: FOLLOW,
    Role.REVIEWER: FOLLOW,
    Role.CASHIER: FOLLOW,
    Role.ISSUER: FOLLOW,
    Role.CLAIMS_HANDLER: FOLLOW,
    Role.MANAGER: READ,
    Role.AUDITOR: READ | {"protocol.read_message_content"},
    Role.ADMINISTRATOR: READ | {"protocol.add_connection", "protocol.change_connection"},
}
