"""What verifying a package can find, and the three verdicts it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from camtool.core.custody import FAULTS as CUSTODY_FAULTS
from camtool.errors import mark
from camtool.evidence.timestamp_faults import STAMP_FAULTS


class Verdict(StrEnum):
    """What a verification comes to; there is no fourth."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKABLE = "not_checkable"


class PackageFault(StrEnum):
    """What is wrong with a package; the words are in PACKAGE_FAULTS."""

    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_EXTRA = "file_extra"
    FILE_LINK = "file_link"
    FILE_SPECIAL = "file_special"
    FOLDER_EXTRA = "folder_extra"
    NAME_UNFIT = "name_unfit"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    BAG_UNFIT = "bag_unfit"
    BAG_INFO_UNFIT = "bag_info_unfit"
    OXUM_WRONG = "oxum_wrong"
    KEY_UNREADABLE = "key_unreadable"
    KEY_OTHER = "key_other"
    KEY_NOT_NAMED = "key_not_named"
    KEY_UNKNOWN = "key_unknown"
    KEY_NOT_GOOD = "key_not_good"
    SIGNERS_UNFIT = "signers_unfit"
    SIGNATURE_WRONG = "signature_wrong"
    SSHSIG_WRONG = "sshsig_wrong"
    STAMP_MISSING = "stamp_missing"
    LOG_UNREADABLE = "log_unreadable"
    LOG_LONGER = "log_longer"
    LOG_NOT_PACKED = "log_not_packed"
    LOG_OTHER_CASE = "log_other_case"
    ITEM_UNKNOWN = "item_unknown"
    ITEM_CHANGED = "item_changed"
    ITEM_MISSING = "item_missing"
    PROOF_UNREADABLE = "proof_unreadable"
    PROOF_OTHER = "proof_other"
    PACKETS_UNREADABLE = "packets_unreadable"
    PACKETS_WRONG = "packets_wrong"
    HIDDEN_FRAMES = "hidden_frames"
    CLIP_UNREADABLE = "clip_unreadable"
    CLIP_COUNT = "clip_count"
    BYTES_DIFFER = "bytes_differ"


PACKAGE_FAULTS: Mapping[str, str] = {
    PackageFault.FILE_MISSING: mark("the file is missing"),
    PackageFault.FILE_CHANGED: mark("the file was changed"),
    PackageFault.FILE_EXTRA: mark("the file was not in the package when it was sealed"),
    PackageFault.FILE_LINK: mark("this is a link, not a file"),
    PackageFault.FILE_SPECIAL: mark("this is neither a file nor a folder"),
    PackageFault.FOLDER_EXTRA: mark("the folder was not in the package when it was sealed"),
    PackageFault.NAME_UNFIT: mark("no file of a package has such a name"),
    PackageFault.MANIFEST_UNREADABLE: mark("the list of files cannot be read"),
    PackageFault.BAG_UNFIT: mark("it does not say that this is a BagIt 1.0 package"),
    PackageFault.BAG_INFO_UNFIT: mark("a line is missing, twice, or not as camtool writes it"),
    PackageFault.OXUM_WRONG: mark("bytes and number of files are not those that were sealed"),
    PackageFault.KEY_UNREADABLE: mark("the public key cannot be read"),
    PackageFault.KEY_OTHER: mark("sealed with another key than that of the paper seal sheet"),
    PackageFault.KEY_NOT_NAMED: mark("bag-info.txt names another key"),
    PackageFault.KEY_UNKNOWN: mark("the site never had this key"),
    PackageFault.KEY_NOT_GOOD: mark(
        "the key was not good when the package was sealed: expired, retired or not yet made"
    ),
    PackageFault.SIGNERS_UNFIT: mark(
        "it does not hold the key, and from when to when it is good, as camtool writes it"
    ),
    PackageFault.SIGNATURE_WRONG: mark("the signature is not this key's over the list of files"),
    PackageFault.SSHSIG_WRONG: mark("the SSH signature is not this key's over the list of files"),
    PackageFault.STAMP_MISSING: mark("the package was time-stamped, and the time-stamp is gone"),
    PackageFault.LOG_UNREADABLE: mark("the custody log cannot be read as that of a case"),
    PackageFault.LOG_LONGER: mark("rows stand behind the one that was sealed as the last"),
    PackageFault.LOG_NOT_PACKED: mark("the custody log does not end with the act of packaging"),
    PackageFault.LOG_OTHER_CASE: mark("bag-info.txt names another case than the custody log"),
    PackageFault.ITEM_UNKNOWN: mark("the custody log knows nothing of this file"),
    PackageFault.ITEM_CHANGED: mark("it is not the file that the custody log names"),
    PackageFault.ITEM_MISSING: mark("the custody log says that it was packed, and it is not here"),
    PackageFault.PROOF_UNREADABLE: mark("the clip's proof cannot be read, or was changed after it was written"),
    PackageFault.PROOF_OTHER: mark("it is the proof of another clip"),
    PackageFault.PACKETS_UNREADABLE: mark("the list of packets cannot be read"),
    PackageFault.PACKETS_WRONG: mark("the list of packets does not agree with the proof"),
    PackageFault.HIDDEN_FRAMES: mark("pictures are hidden in the clip: a player does not show them"),
    PackageFault.CLIP_UNREADABLE: mark("the clip cannot be read as video"),
    PackageFault.CLIP_COUNT: mark("the clip does not hold as many pictures as its proof says"),
    PackageFault.BYTES_DIFFER: mark("the recording does not hold these bytes"),
    **{str(kind): words for kind, words in STAMP_FAULTS.items()},
    **{f"log_{kind}": words for kind, words in CUSTODY_FAULTS.items()},
}


class Unchecked(StrEnum):
    """Why something could not be checked; the words are in UNCHECKED."""

    NO_FINGERPRINT = "no_fingerprint"
    NO_AUTHORITY = "no_authority"
    FILE_UNREADABLE = "file_unreadable"
    FOLDER_UNREADABLE = "folder_unreadable"
    SOURCE_MISSING = "source_missing"
    SOURCE_UNREADABLE = "source_unreadable"


UNCHECKED: Mapping[str, str] = {
    Unchecked.NO_FINGERPRINT: mark("give the fingerprint of the paper seal sheet: --fingerprint HEX"),
    Unchecked.NO_AUTHORITY: mark("give the time-stamp authority's certificate, from itself: --tsa-ca FILE"),
    Unchecked.FILE_UNREADABLE: mark("the file cannot be read on this computer"),
    Unchecked.FOLDER_UNREADABLE: mark("the folder cannot be read on this computer"),
    Unchecked.SOURCE_MISSING: mark("the recording is no longer there"),
    Unchecked.SOURCE_UNREADABLE: mark("the recording cannot be read"),
}


@dataclass(frozen=True, slots=True)
class PackageFinding:
    """One thing found: a fault, or what could not be checked. path is in the package's folder, or names a recording."""

    kind: str
    path: str
    expected: str | None = None
    found: str | None = None


@dataclass(slots=True)
class Findings:
    """What has been found so far."""

    faults: list[PackageFinding] = field(default_factory=list)
    unchecked: list[PackageFinding] = field(default_factory=list)

    def fault(self, kind: str, path: str, expected: str | None = None, found: str | None = None) -> None:
        """Add a fault."""
        self.faults.append(PackageFinding(kind, path, expected, found))

    def skip(self, kind: Unchecked, path: str, found: str | None = None) -> None:
        """Add something that could not be checked."""
        self.unchecked.append(PackageFinding(kind, path, None, found))

    @property
    def verdict(self) -> Verdict:
        """One fault fails the package; without any, whatever could not be checked makes the third verdict."""
        if self.faults:
            return Verdict.FAILED
        return Verdict.NOT_CHECKABLE if self.unchecked else Verdict.PASSED
