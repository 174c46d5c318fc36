"""The ways out that this office's settings name."""

from __future__ import annotations

from signaling_server.config import Settings
from signaling_server.messaging.rules import Channel
from signaling_server.messaging.senders import Sender, SmsGateway, SmtpSender


def senders_of(settings: Settings) -> dict[Channel, Sender]:
    """Raises SenderError."""
    told = settings.messaging
    senders: dict[Channel, Sender] = {}
    if told.smtp_url:
        name = settings.company
        senders[Channel.EMAIL] = SmtpSender(told.smtp_url, sender_email=told.sender_email, sender_name=name)
    if told.sms_url:
        senders[Channel.SMS] = SmsGateway(told.sms_url, token=told.sms_token, sender=told.sms_sender)
    return senders
