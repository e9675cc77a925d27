"""Runs (后台作业): background work with progress and result; the row is the truth, the queue a doorbell."""
