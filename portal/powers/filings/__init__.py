"""Filings (备案与公示): to whom a published list is filed, where it is announced, and the proof of each (P-6, P-10)."""
