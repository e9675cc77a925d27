"""The staff door (工作台): Flask-Admin over the portal's verbs. `base.py` is where every page begins.

Pages lie in folders of the portal's floors, one file a slice: `foundation/`, `powers/`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for

from admin import handedout
from portal import auth
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import DEFAULT, language, moment
from portal.powers.lists.rules import Mode

WITHOUT_FACTOR = frozenset({"sign-in", "own", "factor"})
"""Pages that are open before a second factor that one must have is set up."""


def init_app(app: Flask) -> None:
    """Open the staff door of an application: sign-in, pages, navigation."""
    from flask_admin import Admin
    from flask_admin.theme import Bootstrap4Theme

    from admin.home.page import HomePage
    from admin.labels import label, options
    from admin.navigation import navigation
    from admin.own import device
    from admin.pages import pages

    auth.init_app(app)
    app.register_blueprint(Blueprint("staff_templates", __name__, template_folder="templates"))
    door = Admin(
        app, name="Remit", url=auth.DOOR, endpoint="home", index_view=HomePage(), theme=Bootstrap4Theme()
    )
    door.add_views(*pages())
    _hooks(app, frozenset(view.endpoint for view in door._views))  # noqa: SLF001  there is no other way to ask
    app.add_template_filter(moment)
    app.add_template_global(Mode, "Mode")
    app.add_template_global(options, "options")
    app.add_template_global(label, "label")
    app.add_template_global(navigation, "staff_navigation")
    app.add_template_global(auth.account, "account_signed_in")
    app.add_template_global(can, "can")
    app.add_template_global(auth.must_set_up, "must_set_up")
    app.add_template_global(device, "device")


def can(right: str, place: Place | None = None, organisation: Organisation | None = None) -> bool:
    """Whether the visitor has the right, for the record of this place or body: templates hide what is refused."""
    found = auth.account()
    return found is not None and may(found, Right(right), place, organisation)


def _hooks(app: Flask, pages: frozenset[str]) -> None:
    """What happens around every staff page; `pages` are the names that endpoints begin with."""

    @app.url_defaults
    def carry(endpoint: str, values: dict[str, Any]) -> None:
        # Staff pages carry the language as the public ones do.
        if language() != DEFAULT and endpoint.partition(".")[0] in pages:
            values.setdefault("lang", language())

    @app.before_request
    def lead_to_second_factor() -> Any:
        # Whoever must have a second factor sets it up before anything else; no page can forget to ask.
        page, _dot, view = (request.endpoint or "").partition(".")
        if page in pages - WITHOUT_FACTOR and view != "static" and auth.must_set_up():
            return redirect(url_for("factor.index"))
        return None

    @app.after_request
    def tell_of_files(response: Response) -> Response:
        return handedout.tell(response) if (request.endpoint or "").partition(".")[0] in pages else response

    @app.before_request
    def refuse_nul() -> None:
        # PostgreSQL has no such character in a text; nobody types it by mistake.
        if request.path.startswith(auth.DOOR) and any("\0" in value for value in _sent()):
            abort(400)


def _sent() -> list[str]:
    return [*request.args.values(), *(value for each in request.form.listvalues() for value in each)]
