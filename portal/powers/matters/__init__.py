"""Matters (事项): a power or service, its type (M-2), code (M-1), identity (M-4) and status (M-5)."""
