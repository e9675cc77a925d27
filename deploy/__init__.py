"""Bringing the portal up on one machine: `make run` starts `deploy.run`; the rest serves it and `make setup`."""
