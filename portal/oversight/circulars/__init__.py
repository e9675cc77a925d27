"""Circulars (调度通报): what was done in a period, what is late, who is ahead and who behind; kept once made (K-1)."""
