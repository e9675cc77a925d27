"""The composition root: the public portal and the staff door in one application."""

from portal.app import create_app

app = create_app()
