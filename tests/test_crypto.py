from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Column, Integer, MetaData, Table, select

from portal import crypto
from portal.config import Settings, SettingsError
from portal.errors import Refused
from portal.foundation.notifications.rules import Channel
from portal.foundation.notifications.ways.models import Way
from tests.notifications.beds import organisation

SECRETS = Table(
    "secrets", MetaData(), Column("id", Integer, primary_key=True), Column("text", crypto.Encrypted())
)


@pytest.fixture
def with_keys(app, session, monkeypatch):
    """Gives a way to set the keys of the settings."""
    before = app.config["REMIT"]

    def use(*keys, **changes):
        app.config["REMIT"] = replace(before, field_keys=keys, **changes)
        monkeypatch.setitem(app.extensions, "remit_field_keys", crypto._read(keys))

    yield use
    app.config["REMIT"] = before


def key():
    return Fernet.generate_key().decode()


def raw(session):
    return session.connection().exec_driver_sql("SELECT text FROM secrets").scalar()


@pytest.fixture
def secrets(session):
    SECRETS.create(session.connection())


def test_what_stands_in_the_database_does_not_tell(session, secrets, with_keys):
    with_keys(key())
    session.execute(SECRETS.insert().values(text="whsec_机密"))
    assert "whsec" not in raw(session)
    assert session.scalar(select(SECRETS.c.text)) == "whsec_机密"


def test_an_empty_text_stays_empty(session, secrets, with_keys):
    with_keys(key())
    session.execute(SECRETS.insert().values(text=""))
    assert (raw(session), session.scalar(select(SECRETS.c.text))) == ("", "")


def test_a_new_key_in_front_reads_what_the_old_one_wrote(session, secrets, with_keys):
    old, new = key(), key()
    with_keys(old)
    session.execute(SECRETS.insert().values(text="a"))
    with_keys(new, old)
    assert session.scalar(select(SECRETS.c.text)) == "a"
    with_keys(new)
    # Lost keys lose what they wrote, and nothing breaks.
    assert session.scalar(select(SECRETS.c.text)) == ""


def test_everything_is_encrypted_anew_with_the_newest_key(session, with_keys):
    old, new = key(), key()
    with_keys(old)
    body = organisation()
    session.add_all(
        Way(organisation_id=body.id, channel=channel, address=f"https://{channel}.cn", secret="")
        for channel in (Channel.WEBHOOK, Channel.FEISHU)
    )
    session.flush()
    with_keys(new, old)
    assert crypto.rotate() == 2
    with_keys(new)
    session.expire_all()
    assert [way.address for way in session.scalars(select(Way).order_by(Way.id))] == [
        "https://webhook.cn",
        "https://feishu.cn",
    ]


def test_production_without_a_key_keeps_no_secret_and_says_so(session, secrets, with_keys):
    with_keys(environment="production")
    assert not crypto.ready()
    with pytest.raises(Refused, match="REMIT_FIELD_KEYS"):
        crypto.keys()


def test_a_key_that_is_none_is_refused_at_the_start(app):
    with pytest.raises(SettingsError, match="REMIT_FIELD_KEYS"):
        crypto._read(("short",))


def test_a_trial_makes_its_key_once(tmp_path):
    first = crypto._kept(tmp_path / crypto.KEPT)
    assert crypto._kept(tmp_path / crypto.KEPT) == first
    assert [each.name for each in tmp_path.iterdir()] == [crypto.KEPT]
    assert (tmp_path / crypto.KEPT).stat().st_mode & 0o077 == 0


def test_settings_name_what_may_be_reached():
    settings = Settings.from_env(
        {"REMIT_OUTBOUND_ALLOW": "hooks.example.cn, 10.0.0.0/8", "REMIT_SMS_FIELDS": '{"m": "{phone}"}'}
    )
    assert settings.outbound.allow == ("hooks.example.cn", "10.0.0.0/8")
    assert settings.sms.fields == {"m": "{phone}"}
    settings.check()
    with pytest.raises(SettingsError, match="http://x"):
        Settings.from_env({"REMIT_OUTBOUND_ALLOW": "http://x"}).check()
    for wrong in ("[]", "{", '{"a": 1}'):
        with pytest.raises(SettingsError, match="JSON"):
            Settings.from_env({"REMIT_SMS_FIELDS": wrong})
    with pytest.raises(SettingsError, match="query"):
        Settings.from_env({"REMIT_SMS_FORM": "xml"})
