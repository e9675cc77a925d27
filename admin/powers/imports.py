"""Handing in an annex, and what was read of it."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, status
from admin.foundation.lookups import PLACES
from admin.powers.drafts import seen_upload, seen_uploads
from admin.powers.lookups import POLICIES
from portal.downloads import download
from portal.foundation.files.service import path_of
from portal.foundation.imports import service
from portal.foundation.imports.models import Upload
from portal.foundation.imports.rules import UploadState
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists.intake.settling import unsettled


class UploadForm(forms.StaffForm):
    """A file, and what it rests on."""

    file = FileField(
        _("附件文件"),
        [FileRequired(_("请选择文件。"))],
        description=_("Word（.docx）、Excel（.xlsx、.xls）、.csv，或从文件里贴出来的 .txt，不超过 20 MB。"),
    )
    place = forms.LookupField(_("哪个地方发的"), PLACES, hint=_("例如 济宁市。"))
    policy = forms.LookupField(
        _("政策文件"), POLICIES, required=False, hint=_("填文号；没有登记过的，先在“政策文件”里登记。")
    )


class ImportsPage(StaffPage):
    """Uploads, newest first; each shows its progress, then its tables."""

    key = "imports"
    title = _("导入")
    section = "lists"
    access = frozenset({Right.EDIT_LISTS})

    @expose("/")
    def index(self) -> Answer:
        """The newest fifty."""
        hands_in = may(self.account, Right.EDIT_LISTS)
        return self.render("staff/imports.html", uploads=seen_uploads(), hands_in=hands_in)

    @expose("/new", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def create(self) -> Answer:
        """Hand a file in; reading goes on in the background."""
        form = UploadForm()
        received: list[Upload] = []
        if form.validate_on_submit() and carried_out(form, lambda: received.append(self._receive(form))):
            return redirect(self.get_url(".show", upload_id=received[0].id))
        return self.render("staff/import_new.html", form=form), status()

    def _receive(self, form: Any) -> Upload:
        handed_in: Any = form.file.data
        return service.receive(
            handed_in.stream,
            name=handed_in.filename or "",
            place=form.place.data,
            policy=form.policy.data,
            by=self.account,
        )

    @expose("/<int:upload_id>/")
    def show(self, upload_id: int) -> Answer:
        """One upload: its progress while it waits, why it was refused, or its tables; a single one at once."""
        upload = seen_upload(upload_id)
        if upload.state is UploadState.READ and len(upload.tables) == 1 and "stay" not in request.args:
            return redirect(self.get_url("tables.show", table_id=upload.tables[0].id))
        left = {table.id: len(unsettled(table)) for table in upload.tables}
        failed = upload.run is not None and upload.run.state.unfinished
        return self.render("staff/import.html", upload=upload, left=left, failed=failed)

    @expose("/<int:upload_id>/file")
    def file(self, upload_id: int) -> Any:
        """The file as it was handed in, to save."""
        file = seen_upload(upload_id).file
        return download(path_of(file), name=file.name, media_type=file.media_type, sha256=file.sha256)
