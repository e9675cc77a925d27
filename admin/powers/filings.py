"""Filings and announcements: what each publication asks for, the proof of each, the paper to send (P-6, P-10)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, committed, status
from admin.labels import options
from admin.powers.drafts import seen_list
from admin.powers.lookups import LISTS
from portal import clock
from portal.downloads import download
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.accounts.service import require
from portal.foundation.deadlines.rules import LONGEST, Counting, Terms
from portal.foundation.files.models import StoredFile
from portal.foundation.files.service import path_of
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.filings import opening, papers, queries, service
from portal.powers.filings.models import Filing, FilingTerms
from portal.powers.filings.rules import FilingKind, FilingState
from portal.powers.lists import queries as lists
from portal.powers.lists.exports.formats import MEDIA_TYPES
from portal.powers.lists.rules import Mode

FILING = "<int:filing_id>"
RECEIPT = "receipt"


class ProofForm(forms.StaffForm):
    """That it was done."""

    on = forms.DayField(_("哪一天办的"), hint=_("不填就是今天。"))
    address = forms.text(_("公示的网址"), longest=500, required=False, hint=_("从 https:// 写起。"))
    file = FileField(_("证明"), description=_("截图、扫描件或者盖章的报告，一个文件，不超过 20 MB。"))
    note = forms.text(_("说明"), longest=1000, required=False)


class ReceiptForm(forms.StaffForm):
    """That the body above has received it."""

    on = forms.DayField(_("回执的日期"), hint=_("不填就是今天。"))
    file = FileField(_("回执"), description=_("有纸质回执的附上扫描件，不超过 20 MB。"))


class TermsForm(forms.StaffForm):
    """To whom a list is filed, or where it is announced."""

    power_list = forms.LookupField(_("清单"), LISTS)
    kind = forms.choice(_("备案还是公示"), options(FilingKind))
    name = forms.text(_("报给谁，或者在哪里公示"), longest=128, hint=_("例如 省政府；山东省政务服务网。"))
    copies = forms.text(_("抄送"), longest=255, required=False)
    modes = forms.TicksField(_("只涉及这些方式的才要"), coerce=Mode)
    amount = IntegerField(
        _("公布以后多少天之内"),
        [InputRequired(forms.REQUIRED), NumberRange(1, LONGEST, _("请写 1 到 3660 之间的整数。"))],
    )
    counting = forms.choice(
        _("怎么数"), [each for each in options(Counting) if each[0] is not Counting.FIXED_DAY]
    )
    basis = forms.text(_("依据"), longest=255, hint=_("文号、条款和原话。"))


class FilingsPage(StaffPage):
    """What is still to be filed and announced, and the proof of what was."""

    key = "filings"
    title = _("备案与公示")
    section = "publishing"
    access = frozenset({Right.EDIT_LISTS, Right.APPROVE})

    def _sees(self, filing: Filing) -> bool:
        place = filing.terms.power_list.place
        return any(may(self.account, right, place) for right in (*self.access, Right.READ_ALL))

    @expose("/")
    def index(self) -> Answer:
        """What is to be done first, what waits for a receipt, the rest."""
        found = [each for each in queries.newest() if self._sees(each)]
        return self.render(
            "staff/filings.html",
            filings=found,
            deadlines=queries.deadlines_of(found),
            today=clock.today(),
            edits=may(self.account, Right.EDIT_LISTS),
            lacking=self._lacking(),
        )

    def _lacking(self) -> list[opening.Lacking]:
        """Lists whose newest revision was not asked for everything, as far as the person may ask for it."""
        edits = places_of(self.account, Right.EDIT_LISTS)
        return opening.lacking([each for each in lists.every() if edits is None or each.place_id in edits])

    @expose("/newest/<int:list_id>", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def ask_of_newest(self, list_id: int) -> Answer:
        """Ask a list's newest revision for what it was not asked for."""
        power_list = seen_list(list_id)
        committed(lambda: service.ask_of_newest(power_list, by=self.account))
        flash(gettext("已经列出，从公布那天起算。"), "success")
        return redirect(self.get_url(".index"))

    @expose("/terms/new", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def ask(self) -> Answer:
        """Write down what a list asks for after each publication."""
        require(self.account, Right.EDIT_LISTS)
        form = TermsForm()
        form.modes.choices = forms.choices(options(Mode))
        if form.validate_on_submit() and carried_out(form, lambda: self._ask(form)):
            flash(gettext("已经保存。清单公布了的，已经开始计时。"), "success")
            return redirect(self.get_url(".index"))
        page = self.render(
            "staff/adjust.html",
            form=form,
            heading=gettext("要求备案或者公示"),
            lead=gettext("清单每公布一版，就要办一次；只改文字的勘误不用办。"),
            button=gettext("保存"),
            back=self.get_url(".index"),
        )
        return page, status()

    def _ask(self, form: Any) -> FilingTerms:
        return service.set_terms(
            form.power_list.data,
            form.kind.data,
            form.name.data,
            Terms(form.counting.data, form.amount.data),
            by=self.account,
            basis=form.basis.data,
            copies=form.copies.data,
            modes=form.modes.data or (),
        )

    @expose(f"/{FILING}/", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS, reading=True)
    def show(self, filing_id: int) -> Answer:
        """One of them; a POST is its proof."""
        filing, form = self._filing(filing_id), ProofForm()
        if form.validate_on_submit() and carried_out(form, lambda: self._prove(filing, form)):
            return redirect(self.get_url(".show", filing_id=filing_id))
        return self._page(self._filing(filing_id), form, ReceiptForm(formdata=None, prefix=RECEIPT))

    def _page(self, filing: Filing, form: ProofForm, receipt: ReceiptForm) -> Answer:
        page = self.render(
            "staff/filing.html",
            filing=filing,
            terms=filing.terms,
            deadline=queries.deadlines_of([filing]).get(filing.id),
            form=form,
            receipt=receipt,
            edits=may(self.account, Right.EDIT_LISTS, filing.terms.power_list.place),
            FilingState=FilingState,
            FilingKind=FilingKind,
        )
        return page, status()

    def _prove(self, filing: Filing, form: Any) -> Filing:
        return service.prove(
            filing,
            form.on.data or clock.today(),
            by=self.account,
            address=form.address.data,
            note=form.note.data,
            **_handed(form.file.data),
        )

    @expose(f"/{FILING}/receipt", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def receipt(self, filing_id: int) -> Answer:
        """The receipt of the body above."""
        filing, form = self._filing(filing_id), ReceiptForm(prefix=RECEIPT)
        if form.validate() and carried_out(form, lambda: self._receipt(filing, form)):
            return redirect(self.get_url(".show", filing_id=filing_id))
        return self._page(self._filing(filing_id), ProofForm(formdata=None), form)

    def _receipt(self, filing: Filing, form: Any) -> Filing:
        day = form.on.data or clock.today()
        return service.take_receipt(filing, day, by=self.account, **_handed(form.file.data))

    def _filing(self, filing_id: int) -> Filing:
        found = queries.get(filing_id)
        if found is None or not self._sees(found):
            raise NotFound("没有这一件，或者您不能看。")
        return found

    @expose(f"/{FILING}/paper.<any(pdf,docx):ending>")
    def paper(self, filing_id: int, ending: str) -> Any:
        """The paper of the filing, for Word or to print, made of what was published."""
        filing = self._filing(filing_id)
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"filing.{ending}"
            papers.write(filing, ending, path)
            name = f"{filing.revision.title}第{filing.revision.number}版备案报告.{ending}"
            return download(path, name=name, media_type=MEDIA_TYPES[ending])

    @expose(f"/{FILING}/<any(proof,receipt):which>")
    def file(self, filing_id: int, which: str) -> Any:
        """The proof, or the receipt, to save."""
        filing = self._filing(filing_id)
        found: StoredFile | None = filing.receipt_file if which == RECEIPT else filing.file
        if found is None:
            raise NotFound("没有这个文件。")
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)


def _handed(file: Any) -> dict[str, Any]:
    """An uploaded file as the verbs take it; nothing where none came."""
    return {"file": file.stream, "name": file.filename or ""} if file else {}
