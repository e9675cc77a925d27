"""Intake (导入清单): from a file handed in to the working copy: read, settle, compare, take over."""
