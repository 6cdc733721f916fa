"""Telling people about a failed run: a webhook, a mail, or both, when the environment names them.

Addresses may hold secrets, so they come by environment only and are never written anywhere:
`STCLUSTERS_ALERT_WEBHOOK` (an address that takes JSON), `STCLUSTERS_ALERT_MAIL` (who is told),
`STCLUSTERS_SMTP` (`smtp://user:password@host:587`, or `smtps://…`), `STCLUSTERS_ALERT_FROM`.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 20


def send_webhook(address: str, subject: str, body: str) -> None:
    """Post `{"subject", "text"}`; chat services show `text`.

    Raises
    ------
    OSError
        The address did not answer, or answered with an error.
    ValueError
        It is no http(s) address.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("STCLUSTERS_ALERT_WEBHOOK must begin with https:// or http://")
    content = json.dumps({"subject": subject, "text": f"{subject}\n\n{body}"}).encode()
    request = Request(address, data=content, headers={"Content-Type": "application/json"})  # noqa: S310 - checked above
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - checked above
        answer.read()


def send_mail(server: str, sender: str, to: str, subject: str, body: str) -> None:
    """Send a plain mail; `smtps` speaks TLS from the start, `smtp` turns to it where the server offers it.

    Raises
    ------
    OSError
        The server is not there or refused (`smtplib`'s errors are of this kind).
    ValueError
        `server` is no smtp(s) address.
    """
    where = urlsplit(server)
    if where.scheme not in ("smtp", "smtps") or not where.hostname:
        raise ValueError("STCLUSTERS_SMTP must look like smtp://user:password@host:587")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, to
    message.set_content(body)
    secure = ssl.create_default_context()
    connection: smtplib.SMTP
    if where.scheme == "smtps":
        connection = smtplib.SMTP_SSL(
            where.hostname, where.port or 465, timeout=TIMEOUT_SECONDS, context=secure
        )
    else:
        connection = smtplib.SMTP(where.hostname, where.port or 25, timeout=TIMEOUT_SECONDS)
    with connection:
        if where.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=secure)
        if where.username:
            connection.login(unquote(where.username), unquote(where.password or ""))
        connection.send_message(message)


def tell(subject: str, body: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Send the report wherever the environment says; returns one sentence per way that was tried.

    A way that fails is said, never raised: the report in the home stays, and the next failure must still be told.
    """
    ways: list[tuple[str, Callable[[], None]]] = []
    webhook, to = environment.get("STCLUSTERS_ALERT_WEBHOOK"), environment.get("STCLUSTERS_ALERT_MAIL")
    if webhook:
        ways.append(("webhook", lambda: send_webhook(webhook, subject, body)))
    if to:
        server = environment.get("STCLUSTERS_SMTP", "smtp://localhost:25")
        sender = environment.get("STCLUSTERS_ALERT_FROM", to)
        ways.append(("mail", lambda: send_mail(server, sender, to, subject, body)))
    said = []
    for name, send in ways:
        try:
            send()
        except (OSError, URLError, ValueError) as fault:
            said.append(f"The {name} could not be sent: {type(fault).__name__}: {fault}.")
        else:
            said.append(f"Told by {name}.")
    return said
