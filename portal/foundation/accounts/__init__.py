"""Accounts (账号): people, their roles, and sessions that live on the server."""
