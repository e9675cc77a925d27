"""Publishing (公布): proposal, second person, immutable revision, effective day, for all that is published (P-1)."""
