"""What may come of speaking to another machine. The sentences name no address: they end up in logs and on pages."""

from __future__ import annotations

from portal.i18n import mark


class OutboundError(Exception):
    """The other side was not reached, or did not answer in order; it may next time."""


class NotAllowedError(OutboundError):
    """The administrator has not allowed this address, or it is one that nobody may speak to."""

    def __init__(self) -> None:
        super().__init__(mark("系统管理员没有允许连接这个地址"))


class TooSlowError(OutboundError):
    """A time limit ran out."""

    def __init__(self) -> None:
        super().__init__(mark("对方太久没有回应"))


class UnreachableError(OutboundError):
    """No connection, or it broke."""

    def __init__(self) -> None:
        super().__init__(mark("连不上对方"))


class UnknownHostError(OutboundError):
    """The name leads nowhere."""

    def __init__(self) -> None:
        super().__init__(mark("找不到对方的域名"))


class UntrustedError(OutboundError):
    """The other side's certificate is not what it should be."""

    def __init__(self) -> None:
        super().__init__(mark("对方的证书不可信"))


class GarbledError(OutboundError):
    """What came back is no answer of the protocol, or leads round in a ring."""

    def __init__(self) -> None:
        super().__init__(mark("对方的回应不合规矩"))


class BadAddressError(OutboundError):
    """The address is none that can be asked."""

    def __init__(self) -> None:
        super().__init__(mark("网址写得不对"))
