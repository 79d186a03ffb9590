"""What each role may do with connections and messages."""

from staff.roles import Role

READ = {"protocol.view_connection", "protocol.view_message", "protocol.view_notification", "protocol.view_attempt"}

GRANTS: dict[Role, set[str]] = {
    Role.MANAGER: READ,
    Role.AUDITOR: READ | {"protocol.read_message_content"},
    Role.ADMINISTRATOR: READ | {"protocol.add_connection", "protocol.change_connection"},
}
