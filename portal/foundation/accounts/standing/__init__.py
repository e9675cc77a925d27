"""Standing in (代批): while an approver is away another person of the same city approves in their place (P-5)."""
