"""What can be wrong with a time-stamp."""

from collections.abc import Mapping
from enum import StrEnum

from camtool.errors import mark


class StampFault(StrEnum):
    """What can be wrong with a time-stamp; the words are in STAMP_FAULTS."""

    UNREADABLE = "stamp_unreadable"
    REFUSED = "stamp_refused"
    OTHER_BYTES = "stamp_of_other_bytes"
    OTHER_REQUEST = "stamp_of_other_request"
    EXPIRED = "stamp_authority_expired"
    UNTRUSTED = "stamp_authority_unknown"
    UNSOUND = "stamp_unsound"


STAMP_FAULTS: Mapping[StampFault, str] = {
    StampFault.UNREADABLE: mark("it is not a time-stamp reply"),
    StampFault.REFUSED: mark("the authority refused to stamp"),
    StampFault.OTHER_BYTES: mark("it is the time-stamp of something else"),
    StampFault.OTHER_REQUEST: mark("it answers another request"),
    StampFault.EXPIRED: mark("a certificate of the authority was not valid at the time that is stamped"),
    StampFault.UNTRUSTED: mark("it is not of the authority whose certificate was given"),
    StampFault.UNSOUND: mark("its signature does not hold"),
}
