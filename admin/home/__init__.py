"""The first page after signing in (首页): what waits for this person, where to begin, what was made public.

`items` says what comes first and is pure; `desk` knows whose page it is; each other file finds one sort of thing by a
few questions whatever there is of it. `page` puts them together.
"""
