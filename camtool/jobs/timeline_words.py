"""The words of a timeline's page; its scripts fill the facts in. Keys are the scripts' names for them."""

from camtool.errors import mark

CAUTION = mark(
    "Where to look next: windows in which somebody could have been here by then. What moves in them says nothing about "
    "who it was."
)
NEVER_COMPARED = mark("clock never compared")
NOSCRIPT = mark("This page draws its picture by a script of its own; allow scripts for it. It loads nothing.")
UNPLACED = mark("camera {camera}: {count} files have no known time and are not on this page")

WORDS = {
    "asked": mark("Window asked for: {span} ({zone}). Times are true time, corrected by each camera's clock."),
    "shown": mark("In view: {span}"),
    "tools": mark("view"),
    "closer": mark("closer"),
    "wider": mark("wider"),
    "earlier": mark("earlier"),
    "later": mark("later"),
    "whole": mark("whole window"),
    "print": mark("print"),
    "plot": mark("Timeline: a row per camera. Arrow keys go from event to event, Enter copies the cut command."),
    "help": mark("Mouse and keys"),
    "covered": mark("recorded"),
    "gap": mark("no recording"),
    "damaged": mark("damaged or doubtful file"),
    "unseen": mark("recorded, not skimmed yet"),
    "not_asked": mark("outside the window asked for"),
    "other_causes": mark("light, weather, the camera itself"),
    "higher": mark("the higher a bar, the higher the score"),
    "true_clock": mark("True time {time}"),
    "camera_clock": mark("camera: {time}"),
    "unchecked": mark("camera: the same (its clock was never compared)"),
    "lasts": mark("lasts {length}"),
    "event": mark("event {event} · camera {camera} · {cause} · score {score}"),
    "minute": mark("camera {camera}, the minute around {time}"),
    "chosen": mark("camera {camera}, {span}"),
    "copied": mark("Copied: {what}"),
    "not_copied": mark("This browser keeps its clipboard closed. The command is marked: press Ctrl+C."),
    "copy": mark("copy"),
    "copy_cut": mark("copy cut"),
    "command": mark("command"),
    "no_more": mark("no further event on camera {camera}"),
    "no_events": mark("no event on this camera"),
    "best": mark("The strongest events in view: {listed} of {count}"),
    "best_followed": mark("The strongest events in the windows: {listed} of {count}"),
    "wrong": mark("What is missing or damaged in view"),
    "nothing_wrong": mark("Nothing."),
    "and_more": mark("{count} more are not listed here: `camtool gaps`, `camtool camera show`."),
    "leads": mark("Where to look next"),
    "from_here": mark("the event that is followed"),
    "windows": mark("windows to look at, in order"),
    "start": mark("Point at the picture for both clocks. Click an event, or press Enter, to copy its cut command."),
    "number": mark("No."),
    "camera": mark("camera"),
    "true_time": mark("true time"),
    "score": mark("score"),
    "looks_like": mark("looks like"),
    "picture": mark("picture"),
    "picture_of": mark("picture of event {event} at its clearest"),
    "length": mark("length"),
    "state": mark("state"),
    "file": mark("file"),
    "rank": mark("order"),
    "way": mark("way there"),
    "found": mark("what is known"),
}

# Keys and what they do, in the order of the page's help.
KEYS = (
    ((mark("wheel"), "+", "−"), mark("closer, wider")),
    ((mark("drag"), "PageUp", "PageDown"), mark("earlier, later")),
    (("0",), mark("the whole window")),
    (("←", "→", "↑", "↓", "Home", "End"), mark("from event to event, from camera to camera")),
    ((mark("click"), "Enter"), mark("copy the cut command for the event, or for the minute around the place clicked")),
    (
        (mark("Shift + drag"), "[", "]"),
        mark("choose a window on one camera: its start, its end; Enter copies its cut command"),
    ),
    (("Esc",), mark("give up what was chosen")),
)
