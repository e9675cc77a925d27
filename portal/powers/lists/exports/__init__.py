"""A revision to take along: made once, in the background, row for row what the revision holds.

formats.py   which files there are, by part and format, and what they are called
making.py    the EXPORT run, and what it has made
listing.py   the list as a table (CSV, XLSX) and as the document that the hash is over (JSON)
answers.py   one row for each matter and place
changes.py   one row for each difference from the revision before
form.py      a list in the form of an official annex; annex.typ sets it as PDF, word.py writes it for Word
annex.py     the whole list in that form
"""
