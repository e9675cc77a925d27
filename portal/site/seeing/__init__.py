"""Seeing: lists as matrix, figures and map, revision against revision, changes by day and as feeds (P-3, P-7)."""
