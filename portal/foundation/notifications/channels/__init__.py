"""Channels (渠道): one module each with `send(message, destination, settings) -> Sent | Retry | Refused`.

They run outside of any transaction and know no table: what to say and where to is given to them whole.
"""
