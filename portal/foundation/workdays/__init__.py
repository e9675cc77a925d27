"""Workdays (工作日): on which days people work, year by year as the State Council announces them (T-2, T-3)."""
