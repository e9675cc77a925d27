"""Handing on (交接): what a person who leaves still has to do passes to another person of the same body."""
