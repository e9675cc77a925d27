"""The scripts before there is a portal: what is missing is said in one line."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from portal.config import ROOT


@pytest.fixture
def machine(tmp_path):
    """A PATH with a handful of programs; `machine(name, script)` adds one, `machine.run(script)` runs ours there."""

    class Machine:
        path = tmp_path / "bin"

        def __init__(self):
            self.path.mkdir()
            for name in ("sh", "dirname", "head", "cat", "cksum", "mktemp", "tail", "rm", "env"):
                (self.path / name).symlink_to(shutil.which(name))

        def __call__(self, name, script):
            (self.path / name).write_text(f"#!/bin/sh\n{script}\n")
            (self.path / name).chmod(0o755)

        def run(self, script, *arguments, cwd=ROOT, **env):
            return subprocess.run(
                ["/bin/sh", script, *arguments],
                cwd=cwd,
                env={"PATH": str(self.path)} | env,
                capture_output=True,
                text=True,
                check=False,
            )

    return Machine()


def one_line(done, word):
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert word in done.stderr


def test_no_python(machine):
    one_line(machine.run("deploy/find-python.sh"), "没有找到 Python 3.11")


def test_a_python_too_old(machine):
    machine("python3", "exit 1")
    one_line(machine.run("deploy/find-python.sh"), "没有找到 Python 3.11")


def test_a_python_without_venv(machine):
    machine("python3", 'case "$2" in *venv*) exit 1;; esac')
    one_line(machine.run("deploy/find-python.sh"), "python3-venv")


def test_a_name_that_leads_nowhere_is_passed_over(machine):
    machine("python3.13", "echo not installed >&2; exit 127")
    (machine.path / "python3").symlink_to(sys.executable)
    done = machine.run("deploy/find-python.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_the_named_python_comes_first(machine, tmp_path):
    named = tmp_path / "mine"
    named.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo mine;; *) exec {sys.executable} "$@";; esac\n')
    named.chmod(0o755)
    machine("python3", "exit 0")
    assert machine.run("deploy/find-python.sh", PYTHON=str(named)).stdout.strip() == "mine"


def test_no_git(machine, tmp_path):
    shutil.copytree(ROOT / "deploy", tmp_path / "remit/deploy", ignore=shutil.ignore_patterns("__pycache__"))
    one_line(machine.run("deploy/setup.sh", "dev", cwd=tmp_path / "remit"), "没有找到 git")


def test_no_browser_and_no_right_to_install_one(machine):
    machine("id", "echo 1000")
    machine("apt-get", "exit 1")
    done = machine.run("deploy/browser.sh")
    one_line(done, "chromium")
    assert "REMIT_CHROMIUM" in done.stderr


def test_a_browser_is_installed_where_that_is_allowed(machine):
    machine("id", "echo 0")
    machine("fc-list", "echo Noto Sans CJK SC")
    machine("chmod", 'exec /bin/chmod "$@"')
    machine(
        "apt-get",
        f'[ "$1" = install ] || exit 0; echo "#!/bin/sh" >{machine.path}/chromium; chmod 755 {machine.path}/chromium',
    )
    done = machine.run("deploy/browser.sh")
    assert done.returncode == 0, done.stderr
    assert machine.run("deploy/browser.sh").stdout == "", "the second time there is nothing to do"


def test_an_installation_that_fails(machine):
    machine("id", "echo 0")
    machine("fc-list", "echo Noto Sans CJK SC")
    machine("apt-get", "exit 100")
    one_line(machine.run("deploy/browser.sh"), "没有装上")


def test_the_named_browser_is_taken(machine):
    machine("fc-list", "echo Noto Sans CJK SC")
    machine("mine", "exit 0")
    assert machine.run("deploy/browser.sh", REMIT_CHROMIUM=str(machine.path / "mine")).returncode == 0
    one_line(machine.run("deploy/browser.sh", REMIT_CHROMIUM="/nowhere"), "REMIT_CHROMIUM")
