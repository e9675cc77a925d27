"""Pages over the slices of the oversight."""
