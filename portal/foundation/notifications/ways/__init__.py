"""Ways to a unit (通知方式): its channels with their addresses and secrets, what goes by which and when (T-6)."""
