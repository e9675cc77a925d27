"""A date as a page shows it: months with every day that was counted, and how many were of which kind (T-4)."""
