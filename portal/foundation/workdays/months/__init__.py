"""A year to be looked at: twelve months of weeks, and its holidays one by one."""
