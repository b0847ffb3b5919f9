"""Reads a mail on standard input with Python's own parser and tells as JSON what a mail program would show."""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import sys

raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)


def defects():
    for part in mail.walk():
        yield from map(repr, part.defects)
        for value in part.values():
            yield from map(repr, getattr(value, "defects", ()))


def boxes(name):
    # Python's newer parser puts a space between two encoded words of a name (mended in 3.13); its older one does not.
    old = email.message_from_bytes(raw)
    return [
        {"name": str(email.header.make_header(email.header.decode_header(shown))), "address": address}
        for shown, address in email.utils.getaddresses([str(old[name])])
    ]


print(
    json.dumps(
        {
            "headers": {name: str(value) for name, value in mail.items()},
            "from": boxes("From"),
            "to": boxes("To"),
            "date": mail["Date"].datetime.isoformat(),
            "type": mail.get_content_type(),
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
            "attachments": [
                {
                    "name": a.get_filename(),
                    "type": a.get_content_type(),
                    "bytes": base64.b64encode(a.get_payload(decode=True)).decode(),
                }
                for a in mail.iter_attachments()
            ],
            "longestLine": max(map(len, raw.split(b"\r\n"))),
            "bareLineEnds": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
            "defects": list(defects()),
        }
    )
)
