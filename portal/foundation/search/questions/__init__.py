"""Everyday questions: what of 开饭店要办什么证 says what is wanted."""
