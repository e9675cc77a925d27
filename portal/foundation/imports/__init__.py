"""Imports (导入): a file handed in, what was read of it, what a person settled; for every kind of table."""
