"""Pages over the slices of the ground floor."""
