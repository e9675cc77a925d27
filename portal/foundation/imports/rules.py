"""States of an upload and of what is asked about it. Pure."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """Where an upload stands."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"


class TableState(StrEnum):
    """Where one table of an upload stands."""

    OPEN = "open"
    APPLIED = "applied"
    DROPPED = "dropped"


class QuestionKind(StrEnum):
    """A problem must be settled; a proposal (an understood remark) must be confirmed or put right."""

    PROBLEM = "problem"
    PROPOSAL = "proposal"
