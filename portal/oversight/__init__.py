"""Oversight: what the reform office has asked for, and how far it is."""
