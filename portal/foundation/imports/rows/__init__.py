"""Rows (成批导入): a table that somebody keeps elsewhere becomes records, row by row, after everybody saw what it does.

Reading writes nothing but the report: every row is tried with the very verb that a form calls, then taken back. The
person leaves rows out; carrying out is all or nothing.
"""
