"""Every channel by its name."""

from __future__ import annotations

from portal.foundation.notifications.channels import email, file, robots, sms, webhook
from portal.foundation.notifications.channels.contract import Channel as Send
from portal.foundation.notifications.rules import Channel

CHANNELS: dict[Channel, Send] = {
    Channel.EMAIL: email.send,
    Channel.WEBHOOK: webhook.send,
    Channel.WECOM: robots.wecom,
    Channel.DINGTALK: robots.dingtalk,
    Channel.FEISHU: robots.feishu,
    Channel.SMS: sms.send,
    Channel.FILE: file.send,
}
