"""Service points (办事点): where people go; empty until somebody enters them (G-5)."""
