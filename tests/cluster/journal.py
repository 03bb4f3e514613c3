"""The journal in PostgreSQL as anybody with psql can read it: nothing of Asha's own code is used."""
import json
import os
import subprocess
import zlib
from dataclasses import dataclass


@dataclass
class Entry:
    """A row of the table: the events of a commit."""
    number: int
    writer: str
    created: float  # Unix time, s.
    manifest: str
    events: list


def environment(connection):
    """What psql is told by, so that the password is on no command line. `connection` is as in ASHA_JOURNAL."""
    parts = {key.strip().lower(): value for key, _, value in (part.partition("=") for part in connection.split(";") if part)}
    return os.environ | {"PGHOST": parts["host"], "PGPORT": parts["port"], "PGDATABASE": parts["database"], "PGUSER": parts["username"], "PGPASSWORD": parts["password"], "PGCONNECT_TIMEOUT": "5"}


def query(connection, sql):
    done = subprocess.run(["psql", "-X", "-A", "-t", "-F", " ", "-v", "ON_ERROR_STOP=1", "-c", sql], env=environment(connection), capture_output=True, text=True)
    if done.returncode != 0:
        raise ConnectionError(done.stderr.strip())
    return [line.split(" ") for line in done.stdout.splitlines() if line]


def entries(connection, journal, after=0):
    """All entries of a journal ("registry", or "run-" and the run's name), in order."""
    rows = query(connection, f"""
        SELECT sequence_number, coalesce(nullif(writer_uuid, ''), 'nobody'), created, coalesce(nullif(manifest, ''), '-'), encode(message, 'hex')
        FROM journal WHERE persistence_id = '{journal.replace("'", "''")}' AND sequence_number > {after} ORDER BY ordering""")
    return [Entry(int(number), writer, int(created) / 1e7 - 62135596800, manifest, lines(bytes.fromhex(message))) for number, writer, created, manifest, message in rows]


def lines(message):
    """Events, a line each, whose last field is the CRC-32 of all before it; or one event of the registry."""
    events = []
    for line in message.splitlines():
        event = json.loads(line)
        if isinstance(event, dict) and (check := event.pop("check", None)) is not None and int(check, 16) != zlib.crc32(line[:line.rindex(b',"check":')]):
            event["event"] = "altered"
        events.append(event)
    return events


def position(connection, journal):
    """The number of the last entry; None: the database does not answer."""
    try:
        return int(query(connection, f"SELECT coalesce(max(sequence_number), 0) FROM journal WHERE persistence_id = '{journal}'")[0][0])
    except ConnectionError:
        return None
