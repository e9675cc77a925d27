"""Passwords (密码): which will do, how they are checked, how guessing slows down."""
