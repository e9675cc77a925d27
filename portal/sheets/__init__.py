"""Sheets (kit): turns a file that somebody handed in into paragraphs and grids of text, in a child process.

grids.py      what comes out: Document, Grid, Merge
refusals.py   why a file is not read, each with a sentence for the person who handed it in
sniff.py      what a file is, by its content
packages.py   what is looked at in a zip package (docx, xlsx, ods) before any library opens it
readers/      one reader for each kind of file
child.py      the child process: limits itself, reads, writes the document to its standard output
convert.py    .doc, .wps, .rtf and PDF with text, by way of LibreOffice where it is installed
writing.py    CSV, XLSX and JSON out: streamed, formula-safe, whole or not at all
sandbox.py    read_document(): starts the child, waits, hands back the document or raises Refused
"""
