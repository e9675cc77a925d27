"""Finding everything (查找): what the person may read, by name, code, pinyin and initials, ten of a kind.

`matching` finds by letters in the database and by sound in memory, `kinds` says what there is to find and for whom, and
`page` shows it. Published matters are found by the index of the public pages.
"""
