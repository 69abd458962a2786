"""The catalog's tables. Every column says what it holds and in which unit; the comments are the documentation.

SQLite has no column comments of its own, PostgreSQL keeps these. Times are int64 µs since 1970 UTC. Camera time is what
the camera's clock showed, placed in the site's time zone; true time is worked out when a question is asked, so a clock
correction never rewrites a row (DESIGN, invariant 3).
"""

import sqlalchemy as sa

metadata = sa.MetaData()

# Paths are compared and sorted byte by byte everywhere: the index walks folders in that order (jobs.index).
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

schema_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, nullable=False, comment="the catalog's version; one row (store.migrations)"),
)

recording = sa.Table(
    "recording",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number"),
    sa.Column("camera", sa.Integer, nullable=False, comment="the camera's number in site.toml"),
    sa.Column("path", BYTEWISE, nullable=False, comment="relative to the footage folder, text form of core.pathtext"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False, comment="size when last looked at, bytes"),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False, comment="content changed, as the disk says, ns since 1970"),
    sa.Column("ctime_ns", sa.BigInteger, nullable=False, comment="entry changed, as the disk says, ns since 1970"),
    sa.Column("state", sa.Text, nullable=False, comment="core.model.State"),
    sa.Column("layout", sa.Text, comment="the layout that read the name; null: none did"),
    sa.Column("channel", sa.Text, comment="the recorder's own name for the camera, from the path"),
    sa.Column("claim_start_us", sa.BigInteger, comment="start as the name claims it, camera time, µs"),
    sa.Column("claim_end_us", sa.BigInteger, comment="end as the name claims it, camera time, µs"),
    sa.Column("container", sa.Text, comment="what the content is, sniffed: mp4, mpeg-ps, dhav …"),
    sa.Column("container_start_us", sa.BigInteger, comment="start as the container states it, µs"),
    sa.Column("container_start_local", sa.Text, comment="the same where the container knows no zone, ISO, naive"),
    sa.Column("media_us", sa.BigInteger, comment="length of the content's own timeline as stated, µs"),
    sa.Column("playable_us", sa.BigInteger, comment="how much of it can be read, µs"),
    sa.Column("wall_us", sa.BigInteger, comment="length by the name's start and end, µs"),
    sa.Column("start_us", sa.BigInteger, comment="start used in searches, camera time, µs; null: no time known"),
    sa.Column("end_us", sa.BigInteger, comment="end used in searches, camera time, µs, half-open"),
    sa.Column("video_codec", sa.Text, comment="h264, hevc …"),
    sa.Column("width_px", sa.Integer, comment="picture width, pixels"),
    sa.Column("height_px", sa.Integer, comment="picture height, pixels"),
    sa.Column("frames", sa.BigInteger, comment="pictures, where the container counts them"),
    sa.Column("rate_num", sa.BigInteger, comment="pictures a second, numerator"),
    sa.Column("rate_den", sa.BigInteger, comment="pictures a second, denominator"),
    sa.Column("audio_codec", sa.Text, comment="aac, pcm_alaw …; null: no sound"),
    sa.Column("sha256", sa.Text, comment="SHA-256 of the whole file, hex; kept when the file changes"),
    sa.Column("hashed_us", sa.BigInteger, comment="when it was hashed, µs"),
    sa.Column("indexed_us", sa.BigInteger, nullable=False, comment="when it was last examined, µs"),
    sa.UniqueConstraint("camera", "path"),
    sa.Index("recording_by_start", "camera", "start_us"),
    comment="one span of one camera in one file; files without a known time are here too",
)

problem = sa.Table(
    "problem",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number"),
    sa.Column(
        "recording",
        sa.Integer,
        sa.ForeignKey("recording.id"),
        nullable=False,
        index=True,
        comment="the file it is about",
    ),
    sa.Column("kind", sa.Text, nullable=False, comment="core.problem.ProblemKind"),
    sa.Column("facts", sa.Text, nullable=False, comment="what fills the kind's words, a JSON object"),
    comment="what is wrong with a file; damage is data",
)

camera_bound = sa.Table(
    "camera_bound",
    metadata,
    sa.Column("camera", sa.Integer, primary_key=True, comment="the camera's number in site.toml"),
    sa.Column("longest_us", sa.BigInteger, nullable=False, comment="no recording of it is longer, µs"),
    sa.Column("settings", sa.Text, comment="layout, channel, template and zone its claims were read with"),
    comment="bounds the search by start: a recording that covers t starts after t - longest",
)

observation = sa.Table(
    "observation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number"),
    sa.Column("camera", sa.Integer, nullable=False, index=True, comment="the camera's number in site.toml"),
    sa.Column("shows_us", sa.BigInteger, nullable=False, comment="what the camera's clock showed, camera time, µs"),
    sa.Column("true_us", sa.BigInteger, nullable=False, comment="what the time was, µs"),
    sa.Column("photo", sa.Text, comment="a picture of both clocks: its path as given"),
    sa.Column("photo_sha256", sa.Text, comment="that picture's SHA-256, hex"),
    sa.Column("noted_us", sa.BigInteger, nullable=False, comment="when it was entered, µs"),
    comment="what a camera's clock showed against the true time; only ever added to",
)

scan = sa.Table(
    "scan",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number"),
    sa.Column(
        "recording", sa.Integer, sa.ForeignKey("recording.id"), nullable=False, index=True, comment="the file skimmed"
    ),
    sa.Column("effort", sa.Text, nullable=False, comment="index, quick, normal or thorough"),
    sa.Column("rank", sa.Integer, nullable=False, comment="the effort as a number: the highest one's events are shown"),
    sa.Column("settings", sa.Text, nullable=False, comment="zones, masks and detector it was done with (core.events)"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False, comment="size of the file then, bytes"),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False, comment="time of the file then, ns since 1970"),
    sa.Column("footage_us", sa.BigInteger, nullable=False, comment="how much of its time was looked at, µs"),
    sa.Column("wall_us", sa.BigInteger, nullable=False, comment="how long that took, µs"),
    sa.Column("packets", sa.BigInteger, nullable=False, comment="packets read or looked up"),
    sa.Column("frames_decoded", sa.BigInteger, nullable=False, comment="pictures decoded"),
    sa.Column("longest_keyframe_us", sa.BigInteger, nullable=False, comment="longest time without a keyframe, µs"),
    sa.Column("scanned_us", sa.BigInteger, nullable=False, comment="when it was done, µs"),
    sa.UniqueConstraint("recording", "effort", "settings"),
    comment="what was looked at, and how closely",
)

scan_problem = sa.Table(
    "scan_problem",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number"),
    sa.Column("scan", sa.Integer, sa.ForeignKey("scan.id"), nullable=False, index=True, comment="what found it"),
    sa.Column("kind", sa.Text, nullable=False, comment="core.problem.ProblemKind"),
    sa.Column("facts", sa.Text, nullable=False, comment="what fills the kind's words, a JSON object"),
    comment="what skimming found wrong with a file, up to where its events go",
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="this catalog's own number; people call events by it"),
    sa.Column("scan", sa.Integer, sa.ForeignKey("scan.id"), nullable=False, index=True, comment="what found it"),
    sa.Column("camera", sa.Integer, nullable=False, comment="the camera's number in site.toml"),
    sa.Column("start_us", sa.BigInteger, nullable=False, comment="start, camera time, µs"),
    sa.Column("end_us", sa.BigInteger, nullable=False, comment="end, camera time, µs, half-open"),
    sa.Column("peak_us", sa.BigInteger, nullable=False, comment="its clearest picture, camera time, µs"),
    sa.Column("score", sa.Float, nullable=False, comment="1: just visible at the camera's own noise"),
    sa.Column("box_x", sa.Float, nullable=False, comment="left of its box at the peak, fraction of the picture"),
    sa.Column("box_y", sa.Float, nullable=False, comment="top, fraction of the picture"),
    sa.Column("box_w", sa.Float, nullable=False, comment="width, fraction of the picture"),
    sa.Column("box_h", sa.Float, nullable=False, comment="height, fraction of the picture"),
    sa.Column("x_px", sa.Integer, nullable=False, comment="left of the same box, pixels"),
    sa.Column("y_px", sa.Integer, nullable=False, comment="top, pixels"),
    sa.Column("w_px", sa.Integer, nullable=False, comment="width, pixels"),
    sa.Column("h_px", sa.Integer, nullable=False, comment="height, pixels"),
    sa.Column("cause", sa.Text, nullable=False, comment="object, unsure, light, camera or weather"),
    sa.Column("found_by", sa.Text, nullable=False, comment="packets, keyframes or frames"),
    sa.Column("touches_start", sa.Boolean, nullable=False, comment="it reaches the file's first picture"),
    sa.Column("touches_end", sa.Boolean, nullable=False, comment="it reaches the file's last picture"),
    sa.Index("event_by_start", "camera", "start_us"),
    comment="spans in which something moved, per file; those of neighbouring files are joined when they are read",
)

camera_noise = sa.Table(
    "camera_noise",
    metadata,
    sa.Column("camera", sa.Integer, primary_key=True, comment="the camera's number in site.toml"),
    sa.Column("noise", sa.Text, nullable=False, comment="core.noise.CameraNoise as JSON"),
    comment="how noisy a camera is by day and by night, as skimming learnt it",
)
