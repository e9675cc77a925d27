"""How notices read, in both languages, with made-up values: before anybody gets one."""

from __future__ import annotations

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import SIGNED_IN, Answer, StaffPage
from portal.foundation.notifications import texts
from portal.i18n import TAGS


class NoticeTextsPage(StaffPage):
    """The texts of all notices."""

    key = "notice-texts"
    title = _("通知文字")
    section = "system"
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """Each text with its example, in Chinese and in English."""
        shown = [
            (each, [(tag, *texts.shown(each, tongue)) for tongue, tag in TAGS.items()])
            for each in texts.registered()
        ]
        return self.render("staff/notice_texts.html", texts=shown)
