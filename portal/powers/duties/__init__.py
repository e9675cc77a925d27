"""Duties (职责): for a matter at a place, who takes it over and who regulates it, at both levels (Y-2)."""
