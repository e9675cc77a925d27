"""Organisations (机构): bodies with one official name, aliases, a place and a kind (G-3)."""
