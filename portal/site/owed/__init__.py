"""What is owed, for readers outside the staff door."""
