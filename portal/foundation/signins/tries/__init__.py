"""Tries (登录尝试): how guessing slows down without shutting anybody out."""
