"""常用视图: how a person wants to see a list of the staff door: what it is narrowed and sorted by, and its columns.

A view is an address's parameters under a name, kept for one person and one page. The one without a name is what was
remembered last (记住的样子); at most one view a page opens with the page by itself. What a page no longer knows is left
out when a view is used, so that a view never becomes an error.
"""
