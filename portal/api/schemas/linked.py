"""Linked data: a graph of nodes under a context."""

from __future__ import annotations

from typing import Any

from portal.api.schemas.base import Resource, said
from portal.i18n import mark


class LinkedData(Resource):
    """A JSON-LD document."""

    context: dict[str, str] = said(mark("词表的前缀"), serialization_alias="@context")
    graph: tuple[dict[str, Any], ...] = said(
        mark("事项、单位、地方、文件、办事点"), serialization_alias="@graph"
    )
