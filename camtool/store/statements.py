"""What the reading commands ask of the catalog, as SQLAlchemy Core; one definition for SQLite and PostgreSQL.

`camtool find` answers in the time it takes to import SQLAlchemy (130 ms on a two-core machine), so for SQLite these
are compiled ahead into prepared.py (`python -m camtool.store.prepare`) and run by the standard library's sqlite3. A
test holds the two equal.
"""

from typing import Any

import sqlalchemy as sa

from camtool.core.model import PLAYABLE
from camtool.store.schema import (
    camera_bound,
    camera_noise,
    event,
    observation,
    problem,
    recording,
    scan,
    scan_problem,
    schema_version,
)

# The order of store.reader._recording's arguments.
RECORDING = (
    recording.c.id,
    recording.c.camera,
    recording.c.path,
    recording.c.state,
    recording.c.start_us,
    recording.c.end_us,
    recording.c.size_bytes,
    recording.c.mtime_ns,
    recording.c.ctime_ns,
    recording.c.layout,
    recording.c.media_us,
    recording.c.wall_us,
    recording.c.video_codec,
    recording.c.audio_codec,
    recording.c.width_px,
    recording.c.height_px,
    recording.c.sha256,
)

_camera = sa.bindparam("camera", type_=sa.Integer)
_from_us = sa.bindparam("from_us", type_=sa.BigInteger)
_to_us = sa.bindparam("to_us", type_=sa.BigInteger)
_earliest_us = sa.bindparam("earliest_us", type_=sa.BigInteger)
_of_camera = recording.c.camera == _camera
_playable = sa.text("recording.state IN ({})".format(", ".join(f"'{state}'" for state in PLAYABLE)))

# The order of store.reader._event's arguments.
EVENT = (
    event.c.id,
    event.c.start_us,
    event.c.end_us,
    event.c.peak_us,
    event.c.score,
    event.c.cause,
    event.c.found_by,
    event.c.touches_start,
    event.c.touches_end,
    event.c.box_x,
    event.c.box_y,
    event.c.box_w,
    event.c.box_h,
    event.c.x_px,
    event.c.y_px,
    event.c.w_px,
    event.c.h_px,
)

_closer = scan.alias("closer")
# Of a recording that was skimmed at several efforts, only the closest look counts.
_settings = sa.bindparam("settings", type_=sa.Text)
_closest = ~sa.exists().where(
    _closer.c.recording == scan.c.recording, _closer.c.settings == scan.c.settings, _closer.c.rank > scan.c.rank
)

STATEMENTS: dict[str, sa.Select[Any]] = {
    "version": sa.select(schema_version.c.version),
    "longest": sa.select(camera_bound.c.longest_us).where(camera_bound.c.camera == _camera),
    # earliest_us = from_us - the camera's longest recording: the B-tree then reads only what can reach the window.
    "overlapping": sa.select(*RECORDING)
    .where(
        _of_camera,
        recording.c.start_us >= _earliest_us,
        recording.c.start_us < _to_us,
        sa.or_(recording.c.end_us > _from_us, recording.c.start_us >= _from_us),
    )
    .order_by(recording.c.start_us, recording.c.end_us, recording.c.path),
    # The last playable recording that began before an instant, and the first that begins at or after it.
    "before": sa.select(*RECORDING)
    .where(_of_camera, recording.c.start_us < _from_us, _playable)
    .order_by(recording.c.start_us.desc())
    .limit(1),
    "after": sa.select(*RECORDING)
    .where(_of_camera, recording.c.start_us >= _from_us, _playable)
    .order_by(recording.c.start_us)
    .limit(1),
    "unplaced": sa.select(sa.func.count()).select_from(recording).where(_of_camera, recording.c.start_us.is_(None)),
    "observations": sa.select(
        observation.c.camera, observation.c.shows_us, observation.c.true_us, observation.c.photo, observation.c.noted_us
    )
    .where(observation.c.camera == _camera)
    .order_by(observation.c.true_us, observation.c.noted_us, observation.c.id),
    "states": sa.select(recording.c.state, sa.func.count(), sa.func.sum(recording.c.size_bytes))
    .where(_of_camera)
    .group_by(recording.c.state)
    .order_by(recording.c.state),
    "extent": sa.select(sa.func.min(recording.c.start_us), sa.func.max(recording.c.end_us)).where(_of_camera),
    "problems": sa.select(recording.c.path, recording.c.state, problem.c.kind, problem.c.facts)
    .join_from(problem, recording)
    .where(_of_camera)
    .order_by(recording.c.path, problem.c.id),
    "hashed": sa.select(*RECORDING)
    .where(_of_camera, recording.c.sha256.is_not(None))
    .order_by(recording.c.start_us, recording.c.path),
    # No event is longer than the files it lies in, so the recordings' own bound serves here too.
    "events": sa.select(*EVENT)
    .join_from(event, scan)
    .where(
        event.c.camera == _camera,
        event.c.start_us >= _earliest_us,
        event.c.start_us < _to_us,
        event.c.end_us > _from_us,
        scan.c.settings == _settings,
        _closest,
    )
    .order_by(event.c.start_us, event.c.end_us, event.c.id),
    "event": sa.select(event.c.camera, *EVENT).where(event.c.id == sa.bindparam("id", type_=sa.Integer)),
    "scans": sa.select(
        scan.c.recording,
        scan.c.effort,
        scan.c.settings,
        scan.c.size_bytes,
        scan.c.mtime_ns,
        scan.c.footage_us,
        scan.c.wall_us,
        scan.c.packets,
        scan.c.frames_decoded,
        scan.c.longest_keyframe_us,
    )
    .join_from(scan, recording)
    .where(
        _of_camera,
        recording.c.start_us >= _earliest_us,
        recording.c.start_us < _to_us,
        scan.c.settings == _settings,
    )
    .order_by(recording.c.start_us, recording.c.path, scan.c.rank),
    "scan_problems": sa.select(
        scan.c.recording, scan.c.effort, recording.c.path, scan_problem.c.kind, scan_problem.c.facts
    )
    .join_from(scan_problem, scan)
    .join(recording)
    .where(
        _of_camera,
        recording.c.start_us >= _earliest_us,
        recording.c.start_us < _to_us,
        scan.c.settings == _settings,
    )
    .order_by(recording.c.start_us, recording.c.path, scan_problem.c.id),
    "noise": sa.select(camera_noise.c.noise).where(camera_noise.c.camera == _camera),
    "by_path": sa.select(*RECORDING).where(_of_camera, recording.c.path == sa.bindparam("path", type_=sa.Text)),
}
