"""Handouts (地方清单): the matters of one list at one place with its own modes and receivers, to print and post up."""
