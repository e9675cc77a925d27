"""Matters (事项): a power or service, its type (M-2), its code (M-1), its identity (M-4), its status (M-5)."""
