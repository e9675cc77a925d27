"""Putting something forward for a second person: what every such form asks (P-2)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from admin import forms


class ProposeForm(forms.StaffForm):
    """From which day it is to hold, and why it is published."""

    effective_on = forms.DayField(_("生效日期"), hint=_("写成 2021-06-15；不填就是今天。"))
    reason = forms.text(_("这次为什么公布"), longest=1000, required=False)
