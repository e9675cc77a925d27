"""What is asked: a query as words, and each word as ways in which a row may hold it."""
