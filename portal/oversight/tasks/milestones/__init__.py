"""Milestones (节点): the parts of a task that have a date, each a deadline."""
