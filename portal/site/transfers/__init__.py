"""What people read of transfer lists: a matter that another body of the same place handles now (Y-1)."""
