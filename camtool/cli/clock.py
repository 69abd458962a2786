"""`camtool clock observe`, `clock show`: a camera's clock against the true time."""

from pathlib import Path
from typing import Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.clock import ClockModel, Observation
from camtool.core.timetext import offset_text, rfc3339
from camtool.store.site import camera_of

app = command_app()

# A telephone may be ahead of an office PC that has no internet; a day is more than that.
CLOCKS_APART_US = 86_400_000_000


@app.command(cls=Command, help=_("Note what a camera's clock showed at a true time. Recordings are never rewritten."))
def observe(
    ctx: typer.Context,
    number: options.Number,
    shows: Annotated[str, typer.Option("--shows", metavar="T", help=_("what the camera's clock showed"))],
    true: Annotated[str, typer.Option("--true", metavar="T", help=_("what the time was (a telephone's clock)"))],
    photo: Annotated[
        Path | None, typer.Option("--photo", metavar="F", help=_("a picture that shows both clocks"))
    ] = None,
) -> None:
    """Store one observation."""
    from camtool.jobs.clock import observe as note

    session: Session = ctx.obj
    camera = camera_of(session.site, number)
    shows_us = options.settled(session, shows)
    true_us = options.settled(session, true)
    noted = note(session.site, camera, shows_us, true_us, photo, session.now_us)
    if session.json:
        session.document(_observation_json(session, noted))
        return
    session.out.print(_observation_text(session, noted))
    # What counts is the newest look, which is not always the one just noted: an older one may be added later.
    in_force = ClockModel.from_observations(session.reader.observations(number))
    session.out.print(
        _("camera {camera}: true time = camera time {offset}").format(
            camera=number, offset=offset_text(in_force.offset_us)
        )
    )
    newest = in_force.newest
    if newest is not None and newest != noted:
        text = _("the newest observation counts, of {true}")
        session.say(text.format(true=session.time(newest.true_us)))
    if true_us > session.now_us + CLOCKS_APART_US:
        session.say(_("that true time is still to come by this computer's clock: is it right?"))


@app.command(cls=Command, help=_("Show what is known of a camera's clock."))
def show(ctx: typer.Context, number: options.Number) -> None:
    """List the observations and the offset in force."""
    session: Session = ctx.obj
    camera = camera_of(session.site, number)
    observations = session.reader.observations(number)
    model = ClockModel.from_observations(observations)
    if session.json:
        session.document(
            {
                "camera": number,
                "name": camera.name,
                "observed": model.observed,
                "offset_s": model.offset_us / 1e6 if model.observed else None,
                "observations": [_observation_json(session, each) for each in observations],
            }
        )
        return
    if not model.observed:
        session.out.print(_("camera {camera} has no observation of its clock yet").format(camera=number))
        session.say(
            _(
                "Photograph its screen beside a telephone's clock, then: camtool clock observe {camera} "
                "--shows T --true T --photo F"
            ).format(camera=number)
        )
        return
    for each in observations:
        session.out.print(_observation_text(session, each))
    text = _("in force: true time = camera time {offset} (the newest observation)")
    session.out.print(text.format(offset=offset_text(model.offset_us)))


def _observation_text(session: Session, noted: Observation) -> str:
    text = _("at {true} the clock showed {shows}").format(
        true=session.time(noted.true_us), shows=session.time(noted.shows_us)
    )
    return f"{text} ({noted.photo})" if noted.photo else text


def _observation_json(session: Session, noted: Observation) -> dict[str, Any]:
    return {
        "camera": noted.camera,
        "shows": rfc3339(noted.shows_us, session.zone),
        "true": rfc3339(noted.true_us, session.zone),
        "offset_s": (noted.true_us - noted.shows_us) / 1e6,
        "photo": noted.photo,
        "noted": rfc3339(noted.noted_us, session.zone),
    }
