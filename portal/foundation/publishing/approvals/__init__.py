"""Stamped approvals (批准件): what was signed and stamped for a publication, kept with it (P-5)."""
