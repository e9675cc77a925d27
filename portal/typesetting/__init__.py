"""Typesetting (kit): turns a template and data into PDF, in a child process.

fonts/      the font that ships with the project, a subset of Noto Serif CJK SC, with its licence
fonts.py    which characters can be printed: missing()
press.py    typeset(): starts the child, waits, hands back the PDF or raises
child.py    the child process: limits itself, sets the page

Templates lie in the slices that know what is on the page. Data reach them as JSON, so no text is ever markup.
"""
