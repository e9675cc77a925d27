"""The public pages of memoranda, and how a matter's page tells of those that cover it (Y-3)."""
