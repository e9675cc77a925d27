"""Handovers (承接方案): what each place owes for a list, its filings, and the answers to them (H-1, H-3, T-7)."""
