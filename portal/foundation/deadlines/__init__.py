"""Deadlines (时限): everything owed, counted day by day, reminded of and answered for (T-1, T-3, T-4, T-5, T-7)."""
