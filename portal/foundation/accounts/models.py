"""People who sign in, and the posts that they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role, living


class Account(Base):
    """A person at the staff door. What it may do comes from its posts alone."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), default="")
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    """Empty until the person has set one."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it is open; a suspended one keeps its posts, which carry nothing meanwhile."""
    demo: Mapped[bool] = mapped_column(default=False)
    generation: Mapped[int] = mapped_column(default=0)
    """Sessions opened under another number are over."""
    language: Mapped[str] = mapped_column(String(8), default="")
    """The language that the person works in, `zh_CN` or `en`; empty until it was chosen."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    posts: Mapped[list[Post]] = relationship(
        back_populates="account", order_by="Post.id", foreign_keys="Post.account_id"
    )

    @property
    def held(self) -> list[Post]:
        """The posts held today, oldest first; none while the account is suspended."""
        return living(self.posts, clock.today()) if self.active else []

    def lost_since(self, day: date) -> bool:
        """Whether a post that was held on that day is over by now: a session opened then is over too."""
        return any(post not in self.held for post in living(self.posts, day))

    @property
    def roles(self) -> frozenset[Role]:
        """What the person is today, in whichever post."""
        return frozenset(post.role for post in self.held)

    @property
    def unit(self) -> Organisation | None:
        """In whose name the person acts where one body must be named: that of the oldest post that has one."""
        return next((post.organisation for post in self.held if post.organisation is not None), None)

    @property
    def unit_ids(self) -> frozenset[int]:
        """Ids of all bodies in which the person has a post today."""
        return frozenset(post.organisation_id for post in self.held if post.organisation_id is not None)


class Post(Base):
    """A post (任职): one role of one person, for a body or a place, from a day to a day, both included."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    since: Mapped[date] = mapped_column(default=clock.today)
    until: Mapped[date | None]
    """The last day; before `since` for one that was taken back before it began."""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """None for the command line and for what was carried over."""
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    standing_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Whose post it is that the holder carries meanwhile (代批); always with a last day."""
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why somebody stands in."""

    account: Mapped[Account] = relationship(back_populates="posts", foreign_keys=[account_id])
    organisation: Mapped[Organisation | None] = relationship()
    place: Mapped[Place | None] = relationship()
    given_by: Mapped[Account | None] = relationship(foreign_keys=[given_by_id])
    standing_in_for: Mapped[Account | None] = relationship(foreign_keys=[standing_in_for_id])
