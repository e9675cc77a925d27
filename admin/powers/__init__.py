"""Pages over the slices of the powers."""
