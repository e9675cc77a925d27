"""Tasks: the ledger of reform tasks for everybody, as a picture of dates and a table, and published circulars (K-1)."""
