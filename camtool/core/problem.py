"""Problems: damage as data. A Problem does not stop a job; it is stored, listed, and makes the exit code 3."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from camtool.errors import mark


class ProblemKind(StrEnum):
    """What can be wrong; the value is what the catalog and JSON hold, the words are in WORDS."""

    EMPTY = "empty"
    NOT_VIDEO = "not_video"
    TRUNCATED = "truncated"
    NO_INDEX = "no_index"
    UNREADABLE = "unreadable"
    GROWING = "growing"
    FOREIGN = "foreign"
    CHANGED = "changed"
    CHANGED_UNSEEN = "changed_unseen"
    MISSING = "missing"
    DURATION_MISMATCH = "duration_mismatch"
    CONTENT_MISMATCH = "content_mismatch"
    CLAIM_CONFLICT = "claim_conflict"
    CLAIM_IMPOSSIBLE = "claim_impossible"
    REPEATED_HOUR = "repeated_hour"
    NO_DURATION = "no_duration"
    LINK_LOOP = "link_loop"
    FOLDER_UNREADABLE = "folder_unreadable"
    FOLDER_MISSING = "folder_missing"
    NOT_A_FILE = "not_a_file"
    CHANNEL_UNASSIGNED = "channel_unassigned"
    GAP_IN_CLIP = "gap_in_clip"
    AUDIO_LEFT_OUT = "audio_left_out"
    CLIP_SHORT = "clip_short"
    PICTURES_DAMAGED = "pictures_damaged"
    PICTURES_MISSING = "pictures_missing"
    SIZE_CHANGES = "size_changes"
    TIME_JUMPS_BACK = "time_jumps_back"
    TIME_GAP = "time_gap"
    NO_KEYFRAMES = "no_keyframes"
    NOTHING_TO_COMPARE = "nothing_to_compare"
    NO_LIGHT = "no_light"
    OVERLAP_SKIPPED = "overlap_skipped"
    CONTAINER_CHANGED = "container_changed"
    PICTURE_DAMAGED = "picture_damaged"
    EVENT_UNRECORDED = "event_unrecorded"
    PEAK_LOST = "peak_lost"
    NO_SOUND = "no_sound"
    NOT_IN_BROWSERS = "not_in_browsers"
    BOX_SCALED = "box_scaled"


WORDS: Mapping[ProblemKind, str] = {
    ProblemKind.EMPTY: mark("the file is empty (0 bytes): power cut or full disk at the recorder?"),
    ProblemKind.NOT_VIDEO: mark("the content is not video ({found})"),
    ProblemKind.TRUNCATED: mark("the file breaks off: {present_bytes} of {expected_bytes} bytes are there"),
    ProblemKind.NO_INDEX: mark("the file has no index (no moov box): the recorder did not close it"),
    ProblemKind.UNREADABLE: mark("the file cannot be read: {detail}"),
    ProblemKind.GROWING: mark("the file is still being written"),
    ProblemKind.FOREIGN: mark("no recorder layout knows this name; add a template to site.toml if it is a recording"),
    ProblemKind.CHANGED: mark("the file changed after it was indexed: {was_bytes} bytes then, {is_bytes} bytes now"),
    ProblemKind.CHANGED_UNSEEN: mark(
        "its content is not what was hashed ({found}), though size and times are the same"
    ),
    ProblemKind.MISSING: mark("the file was indexed and is gone"),
    ProblemKind.DURATION_MISMATCH: mark("the picture runs {media_s} s, the name says {wall_s} s"),
    ProblemKind.CONTENT_MISMATCH: mark("the name ends in {suffix}, the content is {found}"),
    ProblemKind.CLAIM_CONFLICT: mark("the folder says {local}, the number in the name says {utc}"),
    ProblemKind.CLAIM_IMPOSSIBLE: mark("the name's time does not exist: {detail}"),
    ProblemKind.REPEATED_HOUR: mark("the name's time occurs twice that night (clock change); the first is taken"),
    ProblemKind.NO_DURATION: mark("its length is not known: the name has no end and the content gives none"),
    ProblemKind.LINK_LOOP: mark("a link that leads back into the folder it lies in; not followed"),
    ProblemKind.FOLDER_UNREADABLE: mark("the folder cannot be read: {detail}"),
    ProblemKind.FOLDER_MISSING: mark("the camera's footage folder is not there; its recordings are left as they were"),
    ProblemKind.NOT_A_FILE: mark("named like a recording, but it is a {found}"),
    ProblemKind.CHANNEL_UNASSIGNED: mark("{count} files of channel {channel} belong to no camera of this site"),
    ProblemKind.GAP_IN_CLIP: mark("nothing was recorded from {start} to {end}: the clip goes on without it"),
    ProblemKind.AUDIO_LEFT_OUT: mark("the sound ({codec}) could not be kept: {detail}"),
    ProblemKind.CLIP_SHORT: mark("the recording covers {covered} of the time asked for"),
    ProblemKind.PICTURES_DAMAGED: mark("{count} damaged packets or pictures, the first at {at_s} s into the file"),
    ProblemKind.PICTURES_MISSING: mark("pictures end at {read_s} s, the file states {stated_s} s"),
    ProblemKind.SIZE_CHANGES: mark("the picture's size changes within the file, from {before} to {after}"),
    ProblemKind.TIME_JUMPS_BACK: mark("its time stamps jump backwards at {at_s} s; what lies behind was not looked at"),
    ProblemKind.TIME_GAP: mark("no picture for {gap_s} s, from {at_s} s into the file on"),
    ProblemKind.NO_KEYFRAMES: mark("no keyframe for {longest_s} s: without decoding every frame nothing is seen there"),
    ProblemKind.NOTHING_TO_COMPARE: mark("only one picture could be looked at, so nothing can be said to move"),
    ProblemKind.NO_LIGHT: mark("the picture is black for {dark_s} s: nothing can be seen there"),
    ProblemKind.OVERLAP_SKIPPED: mark(
        "two recordings overlap and no keyframe joins them: the clip goes on without the pictures from {start} to {end}"
    ),
    ProblemKind.CONTAINER_CHANGED: mark("written as {written}, because {asked} cannot hold its {codec} {part}"),
    ProblemKind.PICTURE_DAMAGED: mark("the picture is damaged in the recording: parts of it could not be decoded"),
    ProblemKind.EVENT_UNRECORDED: mark("no recording of event {event} can be played"),
    ProblemKind.BOX_SCALED: mark("the picture is {found} here, not {expected}: the box was scaled along with it"),
    ProblemKind.PEAK_LOST: mark("the recording does not play as far as event {event}"),
    ProblemKind.NO_SOUND: mark("no sound was recorded in this window"),
    ProblemKind.NOT_IN_BROWSERS: mark("no browser plays it, and there is no viewing copy of it"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one file, folder or answer; facts fill WORDS[kind]."""

    kind: ProblemKind
    path: str | None = None
    camera: int | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def of(self, path: str, camera: int) -> "Problem":
        """Return the same Problem with the file and the camera it was found at."""
        return Problem(self.kind, path, camera, self.facts)

    def __str__(self) -> str:
        return WORDS[self.kind].format(**self.facts)
