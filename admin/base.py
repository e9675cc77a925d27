"""What every staff page stands on. Flask-Admin's open doors are closed here, once (DEPENDENCIES, Traps).

- a page says who may see it, or its class cannot be made;
- forms are written out field by field; relations are looked up by name, a few at a time;
- writing goes through a service verb, the page commits once, and a refusal is shown with the form as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from flask import flash, g, redirect, request
from flask_admin import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField

from admin import drafting, late
from admin.asking import EVERYBODY, rights_asked, rights_to_read
from admin.forms import StaffForm
from portal import auth
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.rules import Act, Outcome
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may

SIGNED_IN = EVERYBODY

DRAFTS = frozenset({Right.EDIT_LISTS, Right.APPROVE})
"""Who sees the working copy of lists before it is published (P-1, R-3)."""

NO_PAGE = "no_page"
"""The code of a refusal that is about an address of no page, not about a record."""

HIGHEST_ID = 2**31 - 1
LONGEST_SEARCH = 100
Result = TypeVar("Result")

FAULTS: dict[int, Any] = {
    HTTPStatus.BAD_REQUEST: lazy_gettext(
        "这一页放得太久了，或者不是从本站打开的。请返回，重新打开后再提交。"
    ),
    HTTPStatus.FORBIDDEN: lazy_gettext("您的账号没有这项权限。"),
    HTTPStatus.NOT_FOUND: lazy_gettext("没有这一页。"),
    HTTPStatus.METHOD_NOT_ALLOWED: lazy_gettext("这一页不能这样打开，请从首页重新进去。"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lazy_gettext("文件太大了。请拆成几份，或者去掉里面的图片再交。"),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext("系统出错了，不是您的问题。请过一会儿再试。"),
}

Answer = str | Response | tuple[str, int]


def told(refusal: Refused) -> str:
    """The refusal's sentence in the reader's language."""
    return str(_(refusal.sentence, **refusal.values))


def committed(verb: Callable[[], Result]) -> Result:
    """Call the verb, commit, and give what it gave; a refusal is undone and raised.

    What the database refuses because somebody else wrote the same between look and write is a Conflict. A request for
    a draft (admin.drafting) does nothing else: NotFound where it has come to a verb.
    """
    if drafting.wanted():
        raise NotFound("没有这一页。", NO_PAGE)
    try:
        result = verb()
        db.session.commit()
    except Refused:
        db.session.rollback()
        raise
    except IntegrityError:
        db.session.rollback()
        raise Conflict("这条记录和已有的重复，或者正被别处用着，没有保存。") from None
    return result


def written_down(refusal: Refused) -> None:
    """Tell the record of a try that was refused: what one may not do, and a record that is not there or not one's own.

    What the request had changed is rolled back. A mistyped address of a page is nobody's record.
    """
    kept = isinstance(refusal, Forbidden | NotFound)
    if not kept or refusal.code == NO_PAGE or auth.account() is None:
        return
    db.session.rollback()
    page = (request.endpoint or "").partition(".")[0]
    key = next((value for value in (request.view_args or {}).values() if isinstance(value, int)), "")
    about = (page, key or request.values.get("id", ""))
    record_now(Act.REFUSAL, about=about, outcome=Outcome.REFUSED, why=refusal.code or refusal.sentence)


def carried_out(form: StaffForm, verb: Callable[[], object]) -> bool:
    """Call the verb and commit. A refusal gives False: it is put to the field that its code names, or above the form.

    What was kept of the form as a draft goes with the same commit.
    """

    def whole() -> None:
        verb()
        drafting.saved(form)

    try:
        committed(whole)
    except Refused as refusal:
        written_down(refusal)
        _faulty(form, refusal)
        g.refused_with = refusal.status
        return False
    return True


def _faulty(form: StaffForm, refusal: Refused) -> None:
    """Say it where it was typed; what is about the state of the record, and about rows of fields, above the form."""
    field = form[refusal.code] if type(refusal) is Refused and refusal.code in form else None
    if field is None or isinstance(field, FormField | FieldList):
        form.form_errors.append(told(refusal))
    else:
        field.errors = [*field.errors, told(refusal)]


def status() -> int:
    """For a form that comes back: the refusal's own status, 422 for faults; 200 when it is shown first."""
    if request.method != "POST":
        return HTTPStatus.OK
    return int(g.get("refused_with", HTTPStatus.UNPROCESSABLE_ENTITY))


def answered_yes(form: StaffForm) -> bool:
    """Whether a page that asks first was answered: a POST, genuine, with the answer yes."""
    return request.method == "POST" and request.form.get("answer") == "yes" and bool(form.validate())


class StaffPage(BaseView):  # type: ignore[misc]
    """A page of the staff door. `access`: any one of these rights opens it for reading (admin.asking)."""

    access: ClassVar[frozenset[Right]]
    withheld: ClassVar[bool] = False
    """Whether the right to read everything does not open it."""
    key: ClassVar[str]
    """Its name in addresses, `/staff/<key>/`, and of its endpoints."""
    title: ClassVar[Any]
    section: ClassVar[str] = ""
    """The part of the navigation that the page belongs to, by its key."""
    listed: ClassVar[bool] = True
    """Whether the section shows it; pages below another page are reached from there."""
    remembers: ClassVar[tuple[str, ...]] = ()
    """Parameters of its list that a person's views keep (admin.savedviews)."""
    kept: ClassVar[tuple[str, ...]] = ()
    """Parameters that say which list it is: a search or a view within it keeps them."""

    def __init__(self) -> None:
        super().__init__(name=self.title, endpoint=self.key, url=f"{auth.DOOR}/{self.key}")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse to make a page that does not say who may see it."""
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "access") and not cls.__dict__.get("abstract"):
            raise TypeError(f"{cls.__name__} must declare `access`")

    @property
    def account(self) -> Account:
        """Whoever is signed in; pages are not reached otherwise."""
        found = auth.account()
        if found is None:
            raise Forbidden("请先登录。")
        return found

    def render(self, template: str, **kwargs: Any) -> str:
        """The template with the page as `admin_view`."""
        return str(super().render(template, **kwargs))

    def is_accessible(self) -> bool:
        """Whether the visitor is signed in and may read the page."""
        found = auth.account()
        return found is not None and any(may(found, right) for right in rights_to_read(self))

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        found = auth.account()
        if not self.is_accessible():
            return self.inaccessible_callback(name, **kwargs)
        # A stranger gets this far only on pages that are open to everybody.
        if found is None or any(may(found, right) for right in rights_asked(self, name, request.method)):
            return None
        return self.inaccessible_callback(name, **kwargs)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        """To the sign-in page, or, for somebody signed in, a page that says no."""
        del name, kwargs
        if auth.account() is None:
            if drafting.by_itself():
                return drafting.beside(_("登录已经过期，没有存下。请在另一个窗口登录，再接着填。"))
            texts = late.written() if request.method == "POST" else []
            where = self.get_url("sign-in.sign_in", next=_left_at(shown=bool(texts)))
            return late.page(texts, where) if texts else redirect(where)
        refusal = Forbidden("您的账号没有这项权限。")
        written_down(refusal)
        return self.refused(refusal)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own calls a view twice when it raises TypeError; a refusal becomes a page here.
        try:
            if any(isinstance(number, int) and number > HIGHEST_ID for number in kwargs.values()):
                raise NotFound("没有这一页。", NO_PAGE)
            return fn(self, *args, **kwargs)
        except Refused as refusal:
            db.session.rollback()
            written_down(refusal)
            return self.refused(refusal)

    def create_blueprint(self, admin: Any) -> Any:
        """The page's addresses, with its own words for what goes wrong on the way to it."""
        blueprint = super().create_blueprint(admin)
        blueprint.register_error_handler(HTTPException, self.failed)
        return blueprint

    def failed(self, error: HTTPException) -> Any:
        """A staff page for an error's status; redirects stay as they are."""
        if error.response is not None or error.code is None:
            return error
        # Whatever went wrong, the page asks who is signed in.
        db.session.rollback()
        sentence = FAULTS.get(error.code, FAULTS[HTTPStatus.INTERNAL_SERVER_ERROR])
        return self.render("staff/refused.html", sentence=sentence), error.code

    def refused(self, refusal: Refused) -> tuple[str, int]:
        """A page with the refusal's sentence and its status."""
        return self.render("staff/refused.html", sentence=told(refusal)), refusal.status


def page_number(last: int) -> int:
    """The page asked for, from 1 to the last; whatever else stands in the address gives the nearest."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:9]) if len(text) < 10 else last, last))  # noqa: PLR2004  digits of an int32


def _left_at(*, shown: bool) -> str | None:
    """Where a visitor whose session is over goes on after signing in: the page, or that of the form handed in.

    What was handed in is not carried out; unless that was `shown`, the sign-in page says so. It judges the
    address, which anybody may send.
    """
    if request.method != "POST":
        return request.full_path.rstrip("?")
    if not shown and set(request.form) - {"csrf_token"}:
        flash(_("登录已经过期，刚才提交的没有保存。填写时自动存下的草稿，登录以后在首页。"), "error")
    return request.form.get(drafting.STANDS_AT)
