"""Answers in JSON: one resource, or a page of them with the way to the next one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from portal.address import absolute, controlled
from portal.api.cursors import CursorError, Key, decode, encode
from portal.api.parameters import LARGEST, WORD, Asked
from portal.api.problems import Kind, Problem
from portal.api.schemas.base import Resource
from portal.i18n import mark

PAGING = ("limit", "cursor", "fields", "lang")
"""Parameters that do not change what is asked for, only how it is handed out."""


def address(endpoint: str, **values: Any) -> str:
    """The address of a page or of an answer, with its host: an answer may be kept far from here."""
    return absolute(url_for(endpoint, **values))


def _chosen(asked: Asked) -> set[str] | None:
    """The fields that are wanted; None for all."""
    return set(asked.many("fields")) or None


def one(resource: Resource, asked: Asked) -> Response:
    """One resource."""
    return written(resource.model_dump(mode="json", include=_chosen(asked)))


def after(asked: Asked, *shape: type) -> Key | None:
    """The place after which the page begins; None for the beginning. Problem for a cursor of another question."""
    word = asked.one("cursor")
    if word is None:
        return None
    try:
        key = decode(_question(asked), word, shape)
    except CursorError:
        key = None
    if key is None or not all(map(_possible, key)):
        raise Problem(
            Kind.BAD_CURSOR,
            mark("翻页标记不完整，或者不是这个问题的。请不带 cursor 重新开始，其他参数不要改。"),
        )
    return key


def _possible(part: int | str) -> bool:
    """Whether a part of a key can be one of ours: whoever makes a cursor up may write what no database takes."""
    if isinstance(part, int):
        return 0 <= part <= LARGEST
    return bool(re.search(WORD["pattern"], part, re.ASCII)) and not controlled(part)


def page(items: Sequence[Resource], asked: Asked, following: Key | None) -> Response:
    """A page of resources; `following` is the place of its last item while there are more."""
    wanted = _chosen(asked)
    onward = None
    if following is not None:
        query = {**request.args.to_dict(flat=False), "cursor": encode(_question(asked), following)}
        onward = address(request.endpoint or "", **{**query, **(request.view_args or {})})
    response = written(
        {"items": [each.model_dump(mode="json", include=wanted) for each in items], "next": onward}
    )
    if onward:
        response.headers["Link"] = f'<{onward}>; rel="next"'
    return response


def written(said: object, media_type: str = "application/json") -> Response:
    """JSON in UTF-8, Chinese as it is."""
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return Response(f"{body}\n", content_type=media_type)


def _question(asked: Asked) -> str:
    return f"{request.path}\n{asked.question(*PAGING)}"
