"""公众页面: the pages that the public reads and that need several slices at once (ARCHITECTURE 1.1, section 4).

Home, lists, matters, places, departments, revisions and the search. A page is a function of what is published, its
address and the day; it holds nothing personal, sets no cookie and works without JavaScript.
"""
