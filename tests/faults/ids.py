"""The ids that the services derive from the secret: an HMAC over length-prefixed parts, as a UUID of version 8."""
import datetime
import hashlib
import hmac
import pathlib
import uuid

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Ids:
    def __init__(self, servers):
        secret = pathlib.Path(servers.environment()["KERJA_ID_SECRET_FILE"]).read_text()
        self._key = bytes.fromhex(secret.strip())

    def _of(self, *parts: str, cohort: int = 0) -> str:
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(len(part.encode()).to_bytes(4, "big") + part.encode())
        octets = bytearray(digest.digest()[:16])
        octets[6], octets[8] = octets[6] & 0x0F | 0x80, octets[8] & 0x3F | 0x80
        if cohort:
            octets[:2] = cohort.to_bytes(2, "big")
        return str(uuid.UUID(bytes=bytes(octets)))

    def person(self, national_id: str) -> str:
        return self._of("ID", national_id)

    def award(self, programme: str, scheme: str, wave: int, person_id: str) -> str:
        return self._of(programme, scheme, str(wave), person_id, cohort=wave)

    def entitlement(self, award_id: str, item: str, instalment: int, wave: int) -> str:
        return self._of(award_id, item, str(instalment), cohort=wave)

    def token(self, kind: str, value: str) -> str:
        return self._of("token", kind, value)

    def waiting_timer(self, subject_id: str, due_at: datetime.datetime, place: str) -> str:
        """Of the timer that is set for an event, read at `place`, when it begins to wait for `subject_id`."""
        due_us = (due_at - EPOCH) // datetime.timedelta(microseconds=1)
        return self._of("key", "timer", "WAITING", subject_id, str(due_us), place)
