"""A list of matters in Wagtail, as its documentation teaches: snippets, a page with a context, Django's paginator."""
