"""草稿: what a person has typed into a form of the staff door and not saved yet.

A draft is kept for one person, one address and one form, encrypted, and is nobody else's to read. It is no business
record: saving the form takes it away, the clock takes away what nobody came back for. A fresh one is also the mark
that its person has the form open; of it others are told the name and the time, never what was typed.
"""
