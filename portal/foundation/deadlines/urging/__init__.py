"""Urging (催办): what is late is pointed out to its unit by a person, once a day at most."""
