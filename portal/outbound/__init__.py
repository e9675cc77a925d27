"""Outgoing requests (外联): the only way to speak HTTP(S) or SMTP to other machines.

`allowed.py` says where to (hosts and networks from the settings; some addresses never), `sockets.py` connects to
the very address that was checked, by a countdown, `web.py` makes requests, `smtp.py` hands over e-mail (T-6).
"""
