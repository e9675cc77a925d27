"""Notices (通知): rows written with the change they tell of; inbox and e-mail are ways to deliver them (T-6)."""
