"""Signing in elsewhere (统一身份认证): OpenID Connect beside passwords, for accounts that are there already."""
