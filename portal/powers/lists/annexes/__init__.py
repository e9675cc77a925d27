"""Annexes (附件): from the grids of a file to lists of matters with everything that is unclear about them.

printed.py    printed text tidied: white space, Chinese numerals, sequence numbers
problems.py   what can be wrong with an annex, each with its sentence
headers.py    the words over the columns, in many spellings
codes.py      codes as cells hold them
tables.py     which grids are lists of matters, and what the others are
sections.py   rows across the table: modes and totals of sections, notes, titles
rows.py       one row of the table to one matter
sequences.py  numbers and matters that stand twice, numbers left out
remarks.py    remarks that change the mode by place (D-6) or name sub-items (M-3)
targets.py    the places and groups that a remark names (G-4)
totals.py     control totals (P-4): stated by title, notice text and section rows, compared with the rows
notes.py      notes at the foot: receivers, and that places choose the mode themselves
reading.py    read_annexes(): the whole
output.py     the reading as JSON (docs/reading.md)
"""
