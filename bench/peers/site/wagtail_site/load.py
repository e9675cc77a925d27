"""Takes the published rows of our SQLite file over. Run: python -m wagtail_site.load FILE."""

import json
import sqlite3
import sys
from contextlib import closing

import django

BATCH = 5000


def load(source: str) -> None:
    """Fill an empty, migrated site."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from wagtail_site.models import Answer, Department, Matter, Place

    with closing(sqlite3.connect(source)) as ours, transaction.atomic():
        places = "SELECT id, code, name FROM places WHERE id IN (SELECT place_id FROM answers)"
        Place.objects.bulk_create(
            Place(id=key, code=code, name=name) for key, code, name in ours.execute(places)
        )
        names = [name for (name,) in ours.execute("SELECT DISTINCT department FROM published_matters")]
        departments = {
            each.name: each for each in Department.objects.bulk_create(Department(name=n) for n in names)
        }
        rows = ours.execute(
            "SELECT id, seq, name, code, department, type, mode, status FROM published_matters"
        )
        while batch := rows.fetchmany(BATCH):
            Matter.objects.bulk_create(
                Matter(
                    id=key,
                    seq=seq,
                    name=name,
                    code=code,
                    department=departments[department],
                    type=kind,
                    mode=mode,
                    status=json.loads(status)["state"],
                )
                for key, seq, name, code, department, kind, mode, status in batch
            )
        answers = ours.execute("SELECT published_matter_id, place_id, mode FROM answers")
        while batch := answers.fetchmany(BATCH):
            Answer.objects.bulk_create(Answer(matter_id=m, place_id=p, mode=mode) for m, p, mode in batch)
        _publish()
    call_command("wagtail_update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _publish() -> None:
    """The page of the list below the home page of the only site."""
    from wagtail.models import Page, Site

    from wagtail_site.models import ListPage

    root = Page.get_first_root_node()
    home = root.add_child(instance=Page(title="Home", slug="start"))
    home.add_child(instance=ListPage(title="很长的清单", slug="list", intro="<p>济宁市</p>"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


if __name__ == "__main__":
    django.setup()
    load(sys.argv[1])
