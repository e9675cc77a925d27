"""Files (附件): kept by content under ids of our own, with the names people gave them beside."""
