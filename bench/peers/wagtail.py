"""The rows in a Wagtail site as its developers write one: site/wagtail_site, on SQLite."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peers.standing import PORT, environment, serving

PINNED = ("wagtail==8.0.1", "Django==5.2.19", "granian==2.8.7")
SITE = Path(__file__).resolve().parent / "site"
MIGRATIONS = "made_migrations"
"""As the site's settings call them."""


class Wagtail:
    """A page with a list of snippets."""

    name = f"Wagtail {PINNED[0].rpartition('=')[2]}"

    def __init__(self, source: Path, folder: Path) -> None:
        self._programs = environment("wagtail", PINNED)
        self._env = {
            "SITE_FOLDER": str(folder),
            "DJANGO_SETTINGS_MODULE": "wagtail_site.settings",
            "PYTHONPATH": os.pathsep.join((str(SITE), str(folder))),
        }
        python = self._programs / "python"
        (folder / "wagtail.db").unlink(missing_ok=True)
        # Its migrations are made beside its database, not in the project.
        (folder / MIGRATIONS).mkdir(exist_ok=True)
        (folder / MIGRATIONS / "__init__.py").touch()
        for command in (
            ["-m", "django", "makemigrations", "wagtail_site", "-v", "0"],
            ["-m", "django", "migrate", "-v", "0"],
            ["-m", "wagtail_site.load", source],
        ):
            subprocess.run([python, *command], env=self._env, cwd=SITE, check=True)

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port of one process of granian, the server that ours stands on as well."""
        granian = [self._programs / "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
        granian += ["--port", PORT, "--blocking-threads", "4", "--log-level", "warning"]
        with serving([*granian, "wagtail_site.wsgi:application"], self._env, SITE) as port:
            yield port

    def address(self, place: str, kind: str) -> str:
        """The page of the list; at a place and of a type if they are named."""
        return f"/list/?at={place}&type={kind}" if place else "/list/"
