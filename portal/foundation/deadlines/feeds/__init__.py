"""What an organisation owes as a calendar to subscribe to, at a secret address that can be taken back (T-1)."""
