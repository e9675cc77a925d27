"""Taking along: the files of lists and places, and a code that leads back to a page."""
