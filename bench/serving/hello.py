"""Flask's hello."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """The least that a Flask view can do."""
    return "Hello, World!"
