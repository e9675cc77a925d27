"""Turns .doc, .wps, .rtf, .odt and PDF with text into .docx by way of LibreOffice, where it is installed.

LibreOffice runs on a copy in a folder of its own, with a profile that knows no macros, follows no links and
reaches no network, under limits of time, memory and written bytes. Run as
`python -m portal.sheets.convert PROGRAM ARGUMENT…` this module sets those limits and becomes the program.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sniff import Kind

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
MEMORY = 2 * 1024**3
WRITTEN = 64 * 1024**2

_SETTINGS = (
    ("Security/Scripting", "MacroSecurityLevel", "3"),
    ("Security/Scripting", "DisableMacrosExecution", "true"),
    ("Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Security/Scripting", "DisableActiveContent", "true"),
)
_PROXY = (("ooInetProxyType", "2"), ("ooInetHTTPProxyName", "127.0.0.1"), ("ooInetHTTPProxyPort", "9"),
          ("ooInetHTTPSProxyName", "127.0.0.1"), ("ooInetHTTPSProxyPort", "9"))  # fmt: skip
"""A proxy that nobody answers at: what a document would fetch stays unfetched."""


def program() -> str | None:
    """Where LibreOffice is, None when it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def convert(path: Path, kind: Kind, folder: Path) -> Path:
    """The .docx that LibreOffice makes of a file, in `folder` (empty, removed by the caller afterwards).

    Raises Refused with the way to convert by hand when LibreOffice is missing, and when it fails or takes
    longer than SECONDS.
    """
    office = program()
    if office is None:
        raise Refused(Refusal.CONVERT_PDF if kind is Kind.PDF else Refusal.CONVERT_WORD)
    source = folder / f"annex.{kind}"
    shutil.copyfile(path, source)
    profile = folder / "profile"
    _write_profile(profile)
    infilter = ["--infilter=writer_pdf_import"] if kind is Kind.PDF else []
    arguments = [
        f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", *infilter,
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    _run([office, *arguments], folder)
    made = source.with_suffix(".docx")
    if not made.exists():
        raise Refused(Refusal.CONVERSION_FAILED)
    return made


def _write_profile(profile: Path) -> None:
    items = [
        f'<item oor:path="/org.openoffice.Office.Common/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    ]
    items += [
        f'<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for name, value in _PROXY
    ]
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + "".join(items)
        + "</oor:items>",
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path) -> None:
    """Run LibreOffice under limits; when time is up, everything it started goes with it."""
    root = Path(__file__).resolve().parents[2]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONPATH": str(root)}
    process = subprocess.Popen(  # noqa: S603 — our own interpreter and module; the file is an argument
        [sys.executable, "-P", "-m", "portal.sheets.convert", *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.CONVERSION_FAILED) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> None:
    """Set the limits, then become the program named on the command line."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    here = str(Path.cwd())
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": here,
        "TMPDIR": here,
        "LANG": "C.UTF-8",
    }
    os.execve(sys.argv[1], sys.argv[1:], environment)  # noqa: S606 — becoming the program is the point


if __name__ == "__main__":
    main()
