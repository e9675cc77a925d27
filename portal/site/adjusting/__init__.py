"""Adjustments as the public reads them: in which words, from what a matter came and what became of it (P-5, P-7)."""
