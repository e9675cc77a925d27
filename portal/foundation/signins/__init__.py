"""Signing in (登录): passwords, and sessions that live on the server."""
