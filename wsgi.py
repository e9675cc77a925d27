"""The composition root: the public portal, the staff door and the background door in one application."""

from jobs import commands
from portal.app import create_app

app = create_app()
commands.init_app(app)
