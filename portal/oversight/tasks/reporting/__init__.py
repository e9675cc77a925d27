"""Reporting (报进展): what units say of their tasks, with evidence."""
