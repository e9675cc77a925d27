"""The schedule (定时安排): what is done by the clock, when last and when next; the row is the truth."""
