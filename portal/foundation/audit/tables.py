"""What of the database the record leaves out, each with its reason; everything else is told by itself."""

from __future__ import annotations

from sqlalchemy import Column

from portal.crypto import Encrypted
from portal.foundation.audit.rules import is_sensitive

LEFT_OUT: dict[str, str] = {
    "audit_entries": "the record itself",
    "audit_head": "the record itself",
    "audit_stumps": "pruning is told as such",
    "site_version": "a counter",
    "search_scopes": "an index of what is told where it is kept",
    "search_rows": "likewise",
    "search_blocks": "likewise",
    "search_sounds": "likewise",
    "schedule_entries": "where the clock stands; whoever asks for a turn is told by the verb",
    "drafts": "nothing of it holds before it is saved; what is saved is told",
    "sign_ins": "sessions in use; signing in and out are told as such",
    "sign_in_tries": "failed attempts are told as such",
    "notices": "follow from changes that are told, and are kept themselves",
    "deliveries": "the outbox: how each notice fared",
    "notice_receipts": "a list of its own of who has read what",
    "deadline_events": "a journal of its own; the deadline's change is told",
    "heads": "follows from the revisions",
    "published_matters": "content of a revision, under the hash that the revision's entry tells",
    "answers": "likewise",
    "cube_sets": "made from a revision",
    "cube_orders": "likewise",
    "revision_files": "files made from a revision",
    "handouts": "likewise",
    "circular_files": "files made from a circular",
}
"""Tables of which nothing is told."""

PARTS: dict[str, frozenset[str]] = {
    # The generation ends sessions.
    "accounts": frozenset({"generation"}),
    # How far the e-mail is.
    "sign_in_links": frozenset({"sealed", "attempts", "next_at", "error", "sent_at"}),
    # Which code was the last one.
    "second_factors": frozenset({"last_step"}),
    # Counted and reminded of by the clock.
    "deadlines": frozenset({"calendar_version", "reminds_from", "reminded_step", "reminded_level"}),
    # The whole content of a file that is kept; the decisions on it are told.
    "imported_tables": frozenset({"content"}),
    # What each row says and does; what is written of it is told where it is kept.
    "row_tables": frozenset({"given", "report"}),
    # Counted by whoever opens it.
    "preview_links": frozenset({"opened", "opened_at"}),
    # Covered by the hash, which is told.
    "revisions": frozenset({"content", "difference"}),
    "proposals": frozenset({"difference"}),
    # How far a worker is; whoever starts, cancels or repeats work is told.
    "runs": frozenset(
        {
            "state",
            "done",
            "total",
            "attempts",
            "lease",
            "lease_until",
            "message",
            "result",
            "queued_at",
            "cancel_asked_at",
            "finished_at",
        }
    ),
}
"""Columns whose changes are not told, in tables of which the rest is."""

NOTHING: frozenset[str] = frozenset()


def told(table: str) -> bool:
    """Whether what happens to a table's rows is told."""
    return table not in LEFT_OUT


def left_out(table: str) -> frozenset[str]:
    """The columns of a table that are left out."""
    return PARTS.get(table, NOTHING)


def masked(column: Column[object]) -> bool:
    """Whether a column's values are hidden: declared by `info={"personal": True}`, encrypted, or by its name.

    `info={"personal": False}` says that a column named like one is public.
    """
    declared = column.info.get("personal")
    if declared is not None:
        return bool(declared)
    return isinstance(column.type, Encrypted) or is_sensitive(column.name)
