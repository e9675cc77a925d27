"""The background door: jobs are shims that take ids and call one service."""
