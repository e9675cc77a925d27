"""Rights (权限): what each role may do, and for which places (DOMAIN sections 0 and R-3)."""
