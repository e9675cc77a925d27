"""Why something was found: the characters of a line that hold what was asked for."""
