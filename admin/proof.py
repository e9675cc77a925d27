"""Asked anew: before a step that cannot be taken back the person shows once more who it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import PasswordField
from wtforms.validators import InputRequired

from admin import drafting, forms
from admin.base import Answer, StaffPage
from portal import auth
from portal.foundation.signins.factors import queries as factors

FIELD = "proof"


class ProofForm(forms.StaffForm):
    """The own password."""

    proof = PasswordField(
        lazy_gettext("您的密码"),
        [InputRequired(forms.REQUIRED)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeProofForm(forms.StaffForm):
    """A code of the second factor."""

    proof = forms.text(
        lazy_gettext("验证码"),
        longest=40,
        hint=lazy_gettext("手机上验证器现在显示的 6 位数字，或者一个恢复码。"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text"},
    )


def asked_anew(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """A view whose POST needs a proof not older than a quarter of an hour; keeping a draft of its form needs none.

    The page that asks goes back to the same address and carries every field of the form along, so that nothing has
    to be filled in again; files cannot be carried, so that views which take files do not ask.
    """

    @wraps(view)
    def guarded(self: StaffPage, *args: Any, **kwargs: Any) -> Answer:
        needed = request.method == "POST" and not drafting.wanted() and not auth.fresh()
        asking = _asking(self) if needed else None
        return view(self, *args, **kwargs) if asking is None else asking

    return guarded


def _asking(page: StaffPage) -> Answer | None:
    """The page that asks; None once the proof was right."""
    form = CodeProofForm() if factors.has_factor(page.account) else ProofForm()
    asked = FIELD in request.form
    if asked and form.validate():
        if auth.prove(form.proof.data):
            return None
        form.form_errors.append(_("不对，或者刚才错的次数太多。请稍后再试。"))
    carried = [
        (name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, "csrf_token")
    ]
    shown = form if asked else type(form)(formdata=None)
    page_ = page.render("staff/proof.html", form=shown, carried=carried)
    return page_, HTTPStatus.UNPROCESSABLE_ENTITY if asked else HTTPStatus.OK
