"""Signing in (登录): passwords, second factors, links by e-mail, and sessions that live on the server (R-1)."""
