"""Other projects beside our list page, each in an environment of its own, on the same rows: bench/run.py peers."""
