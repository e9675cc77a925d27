"""Every channel by its name."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from portal.foundation.notifications.channels import email, file, robots, sms, webhook
from portal.foundation.notifications.channels.contract import Channel as Send
from portal.foundation.notifications.rules import Channel

CHANNELS: dict[Channel, Send] = {
    Channel.WEBHOOK: webhook.send,
    Channel.WECOM: robots.wecom,
    Channel.DINGTALK: robots.dingtalk,
    Channel.FEISHU: robots.feishu,
    Channel.SMS: sms.send,
    Channel.FILE: file.send,
}


def opened(channel: Channel) -> AbstractContextManager[Send]:
    """The channel's `send` for the messages of one lane: e-mail keeps its connection for all of them."""
    return email.mailing() if channel is Channel.EMAIL else nullcontext(CHANNELS[channel])
