"""代批: who approves while an approver is away, named by the approver."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired

from admin import forms
from admin.asking import asks
from admin.base import SIGNED_IN, Answer, StaffPage, carried_out, committed, status
from admin.labels import label
from admin.proof import asked_anew
from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.standing import queries, service
from portal.foundation.rights.rules import Right

POST = "<int:post_id>"


def in_words(account: Account) -> str:
    """What a person is today, in whichever posts, and for whom."""
    return "、".join(dict.fromkeys(post_in_words(post) for post in account.held))


def post_in_words(post: Post) -> str:
    """What somebody is in a post, and for whom."""
    role = str(label(post.role))
    if post.standing_in_for is None:
        return role
    return str(gettext("%(role)s（代%(absent)s）", role=role, absent=post.standing_in_for.name))


def home(account: Account) -> dict[str, Any]:
    """For the first page: for whom the person approves, and who does for the person, today."""
    today = clock.today()
    absences = queries.in_place_of(account) if queries.own_posts(account) else ()
    return {
        "stands_in": [post for post in queries.for_others(account) if post.since <= today],
        "stood_in": [post for post in absences if post.since <= today],
    }


def _number(text: Any) -> int:
    """The id that was chosen; 0, nobody's, for whatever is none."""
    return int(text) if str(text).isascii() and str(text).isdigit() else 0


class NamingForm(forms.StaffForm):
    """Who stands in, on which days, why."""

    person = forms.ChoiceField(
        _("代批人"),
        [InputRequired(forms.REQUIRED)],
        coerce=_number,
        description=_("本市在任的人；编辑、审计人员和系统管理员不能代批。代批人也要设第二验证。"),
    )
    since = forms.DayField(_("第一天"), required=True)
    until = forms.DayField(_("最后一天"), required=True, hint=_("最多 60 天；您回来以后可以马上收回。"))
    reason = forms.text(_("原因"), longest=200, hint=_("例如“休假”“出差”。代批人会看到，操作记录里也写着。"))


class StandingPage(StaffPage):
    """My stand-ins, and for whom I stand in."""

    key = "standing"
    title = _("代批")
    listed = False
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """What holds now and what is to come."""
        account = self.account
        return self.render(
            "staff/standing.html",
            today=clock.today(),
            own=queries.own_posts(account),
            absences=queries.in_place_of(account),
            turns=queries.for_others(account),
        )

    @expose(f"/{POST}/name", methods=("GET", "POST"))
    @asks(Right.APPROVE)
    @asked_anew
    def name_one(self, post_id: int) -> Answer:
        """Name who approves meanwhile."""
        post = next((each for each in queries.own_posts(self.account) if each.id == post_id), None)
        if post is None:
            raise NotFound("没有这个任职。")
        people = queries.candidates(post)
        form = NamingForm(since=clock.today())
        form.person.choices = forms.choices([(each.id, _one(each)) for each in people])
        if form.validate_on_submit() and carried_out(form, lambda: self._name(post, form)):
            flash(gettext("代批人已经定下。"), "success")
            return redirect(self.get_url(".index"))
        return self.render("staff/standing_name.html", post=post, form=form, people=people), status()

    def _name(self, post: Post, form: NamingForm) -> Post:
        person = db.session.get_one(Account, form.person.data)
        given = service.Naming(person, form.since.data, form.until.data, form.reason.data)
        return service.name(post, given, by=self.account)

    @expose(f"/{POST}/end", methods=("POST",))
    @asks(Right.APPROVE)
    def come_back(self, post_id: int) -> Answer:
        """I am back: nobody stands in for me any longer."""
        post = next((each for each in queries.in_place_of(self.account) if each.id == post_id), None)
        if post is None:
            raise NotFound("没有这个代批。")
        committed(lambda: service.come_back(post, by=self.account))
        flash(gettext("代批已经收回。"), "success")
        return redirect(self.get_url(".index"))


def _one(account: Account) -> str:
    """A person with the body, or the place, by which colleagues know which one it is."""
    where = account.unit or next((post.place for post in account.held if post.place is not None), None)
    known = where.name if where else ""
    return str(
        gettext("%(name)s（%(where)s，%(login)s）", name=account.name, where=known, login=account.login)
    )
