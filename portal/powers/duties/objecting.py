"""Why a list is not published for what is recorded of its receivers: entrusting takes an administrative organ (D-8)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import ADMINISTRATIVE
from portal.i18n import gettext as _
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.duties.service import NO_ORGAN
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import mode_at


def wrong_receivers(power_list: PowerList) -> Iterator[str]:
    """A sentence for each receiver that was named before its matter came to be entrusted, and is no organ (AL 24)."""
    wanted = (
        select(Delegation, Duty)
        .join(Duty, Duty.matter_id == Delegation.matter_id)
        .join(Organisation, Organisation.id == Duty.organisation_id)
        .where(
            Delegation.list_id == power_list.id,
            Duty.role == DutyRole.RECEIVER,
            Duty.place_id.in_([place.id for place in power_list.scope.members]),
            Organisation.kind.not_in(ADMINISTRATIVE),
        )
        .options(joinedload(Duty.place), joinedload(Duty.matter), joinedload(Duty.organisation))
        .order_by(Delegation.position, Duty.id)
    )
    for delegation, duty in db.session.execute(wanted):
        if mode_at(delegation, duty.place) is Mode.ENTRUSTED:
            yield _(NO_ORGAN, matter=duty.matter.name, name=duty.organisation.name)
