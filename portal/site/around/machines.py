"""What search engines and browsers ask of a site: robots.txt and the description of its search."""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, url_for

from portal.address import absolute, carried
from portal.site.blueprint import site

KEPT_OUT = ("/staff", "/search", "/where")
"""The staff door, and pages with as many addresses as there are questions."""


@site.get("/robots.txt")
def robots() -> Response:
    """What robots may read. A demo is not for their indexes: what it shows is a sample."""
    closed = ("/",) if current_app.config["REMIT"].demo else KEPT_OUT
    where = absolute(url_for("site.sitemap", **dict.fromkeys(carried())))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {where}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@site.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser asks the search of this site from its own address bar (OpenSearch 1.1)."""
    response = make_response(render_template("site/opensearch.xml"))
    response.content_type = "application/opensearchdescription+xml; charset=utf-8"
    return response
