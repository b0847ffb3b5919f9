"""Reads a calendar file on standard input with Debian's python3-icalendar and tells its events as JSON."""

import json
import sys

import icalendar

raw = sys.stdin.buffer.read()
calendar = icalendar.Calendar.from_ical(raw)

print(
    json.dumps(
        {
            "method": str(calendar["METHOD"]),
            "errors": [str(e) for part in calendar.walk() for e in part.errors],
            "longestLine": max(map(len, raw.split(b"\r\n"))),
            "events": [
                {
                    "uid": str(e["UID"]),
                    "sequence": int(e["SEQUENCE"]),
                    "status": str(e["STATUS"]),
                    "stamp": e.decoded("DTSTAMP").isoformat(),
                    "start": e.decoded("DTSTART").isoformat(),
                    "end": e.decoded("DTEND").isoformat(),
                    "summary": str(e["SUMMARY"]),
                    "description": str(e["DESCRIPTION"]),
                    "transparent": str(e["TRANSP"]) == "TRANSPARENT",
                    "alarms": [a.decoded("TRIGGER").total_seconds() for a in e.walk("VALARM")],
                }
                for e in calendar.walk("VEVENT")
            ],
        }
    )
)
