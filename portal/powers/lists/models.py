"""Lists: the working copy that staff edit, and the published rows that the public reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.files.models import StoredFile
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Revision
from portal.foundation.siteversion.models import shown
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType


class ListKind(StrEnum):
    """Down a level, or from department to approval bureau at the same level."""

    DELEGATION = "delegation"
    TRANSFER = "transfer"


@shown
class PowerList(Base):
    """One list issued by one policy; `scope` is the group of places that it reaches.

    One with an `earlier_of` is no list of its own: it holds an older state of that one, found in an archive, until it
    is published as one of its revisions (补录).
    """

    __tablename__ = "power_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[ListKind] = mapped_column(default=ListKind.DELEGATION)
    annex: Mapped[str] = mapped_column(String(32), default="")
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    scope_id: Mapped[int] = mapped_column(ForeignKey("place_groups.id"))
    cross_border: Mapped[str] = mapped_column(
        String(64),
        default="",
        comment="the clause by which matters across borders stay above (D-5); empty for none",
    )
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    totals_waiver: Mapped[str] = mapped_column(Text, default="")
    totals_waived: Mapped[list[Any] | None]
    """The figures for which that reason was given (totals.figures); None where they were not kept: then for any."""
    notes: Mapped[list[Any]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    earlier_of_id: Mapped[int | None] = mapped_column(ForeignKey("power_lists.id"), index=True)

    earlier_of: Mapped[PowerList | None] = relationship(remote_side="PowerList.id")
    place: Mapped[Place] = relationship()
    policy: Mapped[Policy] = relationship()
    scope: Mapped[PlaceGroup] = relationship()
    delegations: Mapped[list[Delegation]] = relationship(
        back_populates="power_list", cascade="all, delete-orphan", order_by="Delegation.position"
    )
    profile: Mapped[list[ProfileField]] = relationship(
        cascade="all, delete-orphan", order_by="ProfileField.mode, ProfileField.field"
    )

    def printed(self, name: str, code: str, kind: MatterType, organisation_id: int | None) -> dict[str, Any]:
        """What a row keeps of its matter (Delegation.printed): of an older state what it was, of a list nothing."""
        if self.earlier_of_id is None:
            return {}
        return {"name": name, "code": code, "type": kind.value, "organisation_id": organisation_id}


class ProfileField(Base):
    """One field of a list's mode profile (D-3): what holds under a mode, and the clause that says so."""

    __tablename__ = "profile_fields"
    __table_args__ = (UniqueConstraint("list_id", "mode", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id", ondelete="CASCADE"))
    mode: Mapped[Mode]
    field: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(64), default="")


class Delegation(Base):
    """Working copy: one matter in a list, its usual mode, as printed and as read.

    In an older state of a list `printed` holds what the matter was then: {"name", "code", "type", "organisation_id"}.
    The matter itself stays what it is today.
    """

    __tablename__ = "delegations"
    __table_args__ = (UniqueConstraint("list_id", "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id", ondelete="CASCADE"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    position: Mapped[int]
    seq: Mapped[int]
    mode: Mapped[Mode]
    mode_label: Mapped[str] = mapped_column(String(64), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    printed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_hand: Mapped[bool] = mapped_column(default=False)
    """Whether it was put in by a form, and pushed down what stands below; a table handed in numbers its rows itself."""

    power_list: Mapped[PowerList] = relationship(back_populates="delegations")
    matter: Mapped[Matter] = relationship()
    sub_items: Mapped[list[SubItem]] = relationship(cascade="all, delete-orphan", order_by="SubItem.position")
    exceptions: Mapped[list[ScopeException]] = relationship(
        cascade="all, delete-orphan", order_by="ScopeException.id"
    )


class SubItem(Base):
    """A part of a matter that alone is handed down (M-3)."""

    __tablename__ = "sub_items"
    __table_args__ = (UniqueConstraint("delegation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(255))


class ScopeException(Base):
    """Another mode for one place or one group (D-6)."""

    __tablename__ = "scope_exceptions"
    __table_args__ = (
        CheckConstraint("(place_id IS NULL) <> (group_id IS NULL)", name="place_or_group"),
        UniqueConstraint("delegation_id", "place_id", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("place_groups.id"))
    mode: Mapped[Mode]

    place: Mapped[Place | None] = relationship()
    group: Mapped[PlaceGroup | None] = relationship()


class PublishedMatter(Base):
    """One row of a revision, ready to list, filter and search; never changed, never updated."""

    __tablename__ = "published_matters"
    __table_args__ = (
        UniqueConstraint("revision_id", "matter_id"),
        Index("ix_published_matters_order", "revision_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    position: Mapped[int]
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(500))
    code: Mapped[str] = mapped_column(String(64))
    type: Mapped[MatterType]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    department: Mapped[str] = mapped_column(String(128))
    mode: Mapped[Mode]
    mode_label: Mapped[str] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text)
    sub_items: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[dict[str, Any]] = mapped_column(default=dict)
    everyday_names: Mapped[list[Any]] = mapped_column(default=list)

    revision: Mapped[Revision] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="published_matter")


class Answer(Base):
    """For a published matter and a place: the one mode (D-7)."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_place", "place_id", "mode"),)

    published_matter_id: Mapped[int] = mapped_column(ForeignKey("published_matters.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    mode: Mapped[Mode]

    published_matter: Mapped[PublishedMatter] = relationship(back_populates="answers")
    place: Mapped[Place] = relationship()


@shown
class RevisionFile(Base):
    """A file of a revision to take along, made once; `format` is its key (exports.formats), e.g. answers.csv.

    Where it could not be made, `reason` says why and there is no file.
    """

    __tablename__ = "revision_files"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(16), primary_key=True)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    reason: Mapped[str] = mapped_column(String(255), default="")

    file: Mapped[StoredFile | None] = relationship()
