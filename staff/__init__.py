"""Who works here: accounts, roles, and the trail of what they did."""
