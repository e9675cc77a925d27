from ipaddress import ip_address

import pytest

from portal.outbound.allowed import AllowList

GOV, PRIVATE = "8.8.8.8", "10.1.2.3"


def permits(lines, host, address, port=443, **options):
    return AllowList.read(lines, **options).permits(host, port, ip_address(address))


@pytest.mark.parametrize("address", [GOV, PRIVATE, "127.0.0.1", "2400:3200::1"])
def test_without_an_entry_nothing_is_allowed(address):
    assert not permits((), "hooks.example.cn", address)


@pytest.mark.parametrize(
    ("line", "host", "address", "port", "allowed"),
    [
        ("hooks.example.cn", "hooks.example.cn", GOV, 443, True),
        ("hooks.example.cn", "hooks.example.cn.", GOV, 443, True),
        ("hooks.example.cn", "x.hooks.example.cn", GOV, 443, False),
        ("hooks.example.cn", "evil-hooks.example.cn", GOV, 443, False),
        ("*.example.cn", "hooks.example.cn", GOV, 443, True),
        ("*.example.cn", "example.cn", GOV, 443, False),
        ("*.example.cn", "evilexample.cn", GOV, 443, False),
        ("hooks.example.cn:8443", "hooks.example.cn", GOV, 8443, True),
        ("hooks.example.cn:8443", "hooks.example.cn", GOV, 443, False),
        # A name opens no private network: whoever keeps its DNS would choose a machine inside.
        ("hooks.example.cn", "hooks.example.cn", PRIVATE, 443, False),
        ("10.0.0.0/8", "hooks.example.cn", PRIVATE, 443, True),
        ("10.1.2.3", "10.1.2.3", PRIVATE, 443, True),
        ("10.1.2.3", "10.1.2.4", "10.1.2.4", 443, False),
        ("10.1.2.3:8080", "10.1.2.3", PRIVATE, 8080, True),
        ("[fd00::1]:8080", "fd00::1", "fd00::1", 8080, True),
        ("fd00::/8", "intern", "fd12::5", 443, True),
        ("政务.example.cn", "xn--czrs0t.example.cn", GOV, 443, False),
    ],
)
def test_names_networks_and_ports(line, host, address, port, allowed):
    assert permits([line], host, address, port) is allowed


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "169.254.169.254",
        "169.254.0.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "::7f00:1",
        "::a9fe:a9fe",
        "::ffff:0:7f00:1",
        "64:ff9b:1::a9fe:a9fe",
        "fd20:ce::254",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_this_machine_and_metadata_never(address):
    assert not permits(["0.0.0.0/0", "::/0", "localhost"], "localhost", address)


@pytest.mark.parametrize("address", ["::7f00:1", "::ffff:0:a9fe:a9fe", "64:ff9b:1::7f00:1"])
def test_a_name_leads_to_no_disguised_address(address):
    assert not permits(["hooks.example.cn"], "hooks.example.cn", address)


def test_loopback_is_for_tests_and_has_to_be_allowed_even_then():
    assert permits(["127.0.0.0/8"], "localhost", "127.0.0.1", loopback=True)
    assert not permits([], "localhost", "127.0.0.1", loopback=True)
    assert not permits(["127.0.0.0/8"], "localhost", "169.254.169.254", loopback=True)


@pytest.mark.parametrize(
    "line",
    [
        "http://a.cn",
        "a b.cn",
        "*",
        "*.*.cn",
        "10.1.2.3/40",
        "127.1",
        "0x7f.1",
        "a.cn:0",
        "a.cn:99999",
        "-a.cn",
    ],
)
def test_a_line_that_means_nothing_is_refused(line):
    with pytest.raises(ValueError, match=r".+"):
        AllowList.read([line])
