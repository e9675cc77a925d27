"""What comes back, resource by resource: the one place that says which fields there are and what they mean."""
