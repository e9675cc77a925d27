"""The papers by which a publication was approved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.publishing.models import Proposal
from portal.foundation.siteversion.models import shown


@shown
class StampedApproval(Base):
    """A scan of the approval as it was signed and stamped; the public reads it only where it is marked so."""

    __tablename__ = "stamped_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))
    public: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    proposal: Mapped[Proposal] = relationship()
    file: Mapped[StoredFile] = relationship()
    added_by: Mapped[Account] = relationship()
