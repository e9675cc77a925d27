"""One reader for each kind of file; each turns a path into a Document and runs in the child process only."""
