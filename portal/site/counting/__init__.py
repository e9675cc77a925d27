"""Counting: the calendar of working days for everybody, and the n-th working day after a day (T-2, T-3)."""
