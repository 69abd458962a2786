"""The picture at an event's peak, or what is in the way."""

from camtool.core.activity import Event
from camtool.core.model import PLAYABLE, US_PER_S, Recording
from camtool.core.place import place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import NoKeyframe, Unplayable
from camtool.jobs.watched import Watched, file_of, refused, unplayable
from camtool.media.still import Picture, picture_at

# A picture so much before the peak is not the peak's: the file ends or breaks there. Recorders that write fewer than
# one picture in two seconds are not known; time-lapse ones are no evidence of movement.
LOST_US = 2 * US_PER_S


def peak_picture(watched: Watched, number: int, event: Event, recording: Recording | None) -> Picture | Problem:
    """Return the picture at an event's peak out of the recording that shows it, or the Problem with it."""
    camera = watched.camera
    if recording is None or recording.state not in PLAYABLE:
        return unplayable(number, recording, camera)
    place = place_us(recording, event.peak_us)
    try:
        picture = picture_at(file_of(camera, recording), place)
    except (Unplayable, NoKeyframe, OSError) as error:
        return refused(error, recording, camera)
    if place - picture.place_us > LOST_US:
        return Problem(ProblemKind.PEAK_LOST, recording.path, camera.number, {"event": number})
    return picture
