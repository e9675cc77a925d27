"""Opinions (征求意见): bodies asked what they think of a working copy before it is put forward (P-5)."""
