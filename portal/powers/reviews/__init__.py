"""Reviews (定期评估): how each matter works in practice, asked of its department list by list, in turn (P-9, T-7)."""
