"""Finding: search, lists with their facets, and where somebody is."""
