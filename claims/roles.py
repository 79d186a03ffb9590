"""What each role may do with demands."""

from staff.roles import Role

READ = {"claims.view_demand", "claims.view_payment"}

GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: READ,
    Role.REVIEWER: READ,
    Role.CASHIER: READ,
    Role.CLAIMS_HANDLER: READ | {"claims.handle_demand"},
    Role.MANAGER: READ,
    Role.AUDITOR: READ,
}
