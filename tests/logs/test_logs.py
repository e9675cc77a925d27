import json
from dataclasses import replace

import pytest
import structlog
from flask import Flask

from portal import logs
from portal.config import Settings

SECRET = "s" * 40


@pytest.fixture
def lines(capsys):
    """Configures the logs as production does and gives what they wrote."""
    production = Settings(environment="production", secret_key=SECRET, trusted_hosts=("zz.example.cn",))
    app = Flask("lines")
    app.config["REMIT"] = production
    logs.init_app(app)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail to li.lei+1@example.com.cn failed", "mail to *** failed"),
        ("身份证37082619900101123X不对", "身份证***不对"),
        ("电话13812345678", "电话***"),
        ("电话+86 13812345678，请回电", "电话***，请回电"),
        ("事项3700000117086", "事项3700000117086"),
        ("run 20210615123", "run 20210615123"),
        ("91370800MA3C0000XX", "91370800MA3C0000XX"),
        ("a1b2c3d4e5f613812345678", "a1b2c3d4e5f613812345678"),
    ],
)
def test_personal_numbers_and_addresses_are_masked(text, masked):
    assert logs.masked(text) == masked


def test_a_line_says_what_happened_without_names(lines):
    structlog.get_logger().info("signed in", account=3, name="李雷", Email="a@b.cn", ip="::1")
    (line,) = lines()
    assert (line["event"], line["account"], line["level"]) == ("signed in", 3, "info")
    assert "李雷" not in str(line)
    assert "a@b.cn" not in str(line)
    assert line["timestamp"].endswith("Z")


def test_an_exception_keeps_its_place_but_not_its_phone_number(lines):
    try:
        int("13812345678 甲")
    except ValueError:
        structlog.get_logger().exception("it broke")
    (line,) = lines()
    assert "test_logs.py" in line["exception"]
    assert "13812345678" not in str(line)


def test_in_development_a_person_reads_the_lines(capsys):
    app = Flask("lines")
    app.config["REMIT"] = replace(Settings(), environment="development")
    logs.init_app(app)
    structlog.get_logger().info("公布了", revision=2)
    structlog.reset_defaults()
    written = capsys.readouterr().err
    assert "公布了" in written
    assert "revision=2" in written
    assert not written.startswith("{")
