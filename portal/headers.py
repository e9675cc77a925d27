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


ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Other sites read our data by CORS, where it is allowed; no page of theirs loads ours as a part of itself.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What an answer carries unless its view has said something stricter."""


def init_app(app: Flask, private: tuple[str, ...] = ("/staff",)) -> None:
    """Set the headers on every answer; addresses under `private` are kept by nobody."""

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if app.config["REMIT"].production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if _under(private) and not (request.endpoint or "").endswith(".static"):
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response


def _under(doors: tuple[str, ...]) -> bool:
    return any(request.path == door or request.path.startswith(f"{door}/") for door in doors)
