"""Counting running deadlines anew when the calendar of working days has changed (T-2)."""
