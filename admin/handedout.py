"""Whatever file a staff page hands out is told in the record before it goes out: who took it along, from which record.

An export that tells of itself, with what was asked for, is not told twice.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, g, request
from werkzeug.http import parse_options_header

from portal import auth
from portal.foundation.audit.at_once import TOLD, record_now
from portal.foundation.audit.rules import Act

WHOLE_OR_PART = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)


def tell(response: Response) -> Response:
    """The answer as it is, told of when it is a file for somebody who is signed in."""
    how, said = parse_options_header(response.headers.get("Content-Disposition", ""))
    if how != "attachment" or response.status_code not in WHOLE_OR_PART or request.method == "HEAD":
        return response
    if auth.account() is not None and g.get(TOLD) is not Act.EXPORT:
        page = (request.endpoint or "").partition(".")[0]
        key = next((value for value in (request.view_args or {}).values() if isinstance(value, int)), "")
        record_now(Act.EXPORT, about=(page, key), name=said.get("filename", ""))
    return response
