"""When somebody is reminded of what they owe, and who (T-5)."""
