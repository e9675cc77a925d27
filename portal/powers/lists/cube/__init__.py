"""The cube of a revision (计数立方): which of its rows have which mode, type, department and status, counted ahead.

It is made once, with the rows of the revision, and never changed. Facets, their counts and the pages of a long list
are answered from it without reading the rows (ADR 0013).
"""
