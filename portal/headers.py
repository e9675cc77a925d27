"""Headers that every answer carries: what a browser may load, whom it tells, who may frame it.

No page has an inline script, style or handler, so the policies need neither nonce nor `unsafe-inline`.
"""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""One for public and staff pages: Flask-Admin's own pages, which need more, are replaced by ours."""


def init_app(app: Flask, private: tuple[str, ...] = ("/staff",)) -> None:
    """Set the headers on every answer; addresses under `private` are kept by nobody."""

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if app.config["REMIT"].production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if _under(private) and not (request.endpoint or "").endswith(".static"):
            response.headers["Cache-Control"] = "no-store"
        return response


def _under(doors: tuple[str, ...]) -> bool:
    return any(request.path == door or request.path.startswith(f"{door}/") for door in doors)
