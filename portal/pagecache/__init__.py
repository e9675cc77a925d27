"""The page cache in front of Flask: public pages and static files from memory, compressed, validated by ETag.

A page is kept by what is published (the site's version), the day, and its address with the parameters that its view
knows, in one order; in memory, so by the running code. `cache` is the way of a request, `freshness` and `stamp` say
how long pages hold, `shelf` bounds them in bytes, `pages` gives the answers, `addresses`, `encodings` and `tags` read
what was asked. docs/adr/0011 says why.
"""
