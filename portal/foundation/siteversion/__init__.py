"""The site's version (站点版本): one number that counts every change of what the public can read.

Everything published counts, and so does every change of a table that public pages read as it stands (`shown`). The
page cache knows nothing else of what is in the database.
"""
