"""The composition root: the public portal, the staff door and the background door in one application."""

import admin
from jobs import commands
from portal.app import create_app

app = create_app()
admin.init_app(app)
commands.init_app(app)
