"""Adjustments of a list (调整): what kind each change is, its reason and basis, splits and merges (P-5)."""
