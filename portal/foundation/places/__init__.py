"""Places (地方): the tree of provinces, cities, counties, zones and towns, and its groups (G-1, G-2, G-4)."""
