"""Every error camtool raises on purpose, its words and its exit code, on one page.

An error is a template and the facts that fill it: `message` says what is wrong, `hint` says what to do next. Both are
English message ids; `camtool.cli` translates them when it prints. `mark` only marks a text for the catalogs.

    0 clean        2 usage        3 done, with Problems listed (not an error: see core.problem)
    10 input      20 media       30 catalog      40 integrity      50 environment      70 a bug      130 interrupted
"""

from typing import ClassVar

EXIT_CLEAN = 0
EXIT_USAGE = 2
EXIT_PROBLEMS = 3
EXIT_INPUT = 10
EXIT_MEDIA = 20
EXIT_CATALOG = 30
EXIT_INTEGRITY = 40
EXIT_ENVIRONMENT = 50
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


def mark(text: str) -> str:
    """Mark a text as translatable and return it as it is."""
    return text


class CamtoolError(Exception):
    """The root: anything camtool can explain. Its facts fill the templates of its class."""

    exit_code: ClassVar[int] = EXIT_BUG
    message: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return self.message.format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in the worker pool; keyword facts need their own way there.
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[CamtoolError], facts: dict[str, object]) -> CamtoolError:
    return kind(**facts)


# ---- 2 usage: what was typed cannot be meant ------------------------------------------------------------------


class UsageError(CamtoolError):
    """The command line does not say something that can be done."""

    exit_code = EXIT_USAGE


class UnreadableTime(UsageError):
    """A time phrase that cannot be read for sure."""

    message = mark('cannot read "{phrase}" as a time: {reason}')
    hint = mark("write it like one of these: {examples}")


class BackwardsWindow(UsageError):
    """A window that ends at or before its start."""

    message = mark("the window ends ({end}) at or before its start ({start})")
    hint = mark("give an end after the start; a date alone means its first instant, 00:00")


class UnknownCamera(UsageError):
    """A camera number that site.toml does not name."""

    message = mark("there is no camera {camera} at this site")
    hint = mark("this site has: {known}; `camtool camera list` shows them")


class UnreadableCameras(UsageError):
    """A --camera value that is not a number, a list or a span of numbers."""

    message = mark('cannot read "{text}" as camera numbers')
    hint = mark("write --camera 3, --camera 3,5 or --camera 1-4; --all means every camera")


class NoCameraGiven(UsageError):
    """Neither --camera nor --all."""

    message = mark("no camera was named")
    hint = mark("add --camera N, or --all for every camera")


class UnknownLayout(UsageError):
    """A layout name that no module in camtool.layouts has."""

    message = mark('there is no recorder layout "{layout}"')
    hint = mark("the layouts are: {known}")


class UnknownZone(UsageError):
    """A time-zone name that the tz database does not have."""

    message = mark('there is no time zone "{zone}"')
    hint = mark("use a name of the tz database, such as Asia/Ho_Chi_Minh")


class UnknownZoneName(UsageError):
    """A zone of the picture that the camera does not have."""

    message = mark('camera {camera} has no zone "{zone}"')
    hint = mark("its zones are: {known}; they are written in site.toml, and `camtool camera zones` draws them")


class UnreadableBox(UsageError):
    """A --box that is neither four numbers nor a zone's name."""

    message = mark('cannot read "{text}" as a box of camera {camera}')
    hint = mark("write x,y,w,h in pixels, such as 400,214,60,62, or the name of a zone: {known}; `camtool grid` helps")


class BoxOutside(UsageError):
    """A box that does not lie wholly in the picture, or has no size."""

    message = mark("the box {box} does not lie in the picture of camera {camera}, which is {width} x {height} pixels")
    hint = mark(
        "x,y is its upper left corner, then come width and height; `camtool grid` draws a picture to read it off"
    )


class NoBox(UsageError):
    """`when` with neither --box nor --zone, or with both."""

    message = mark("give the place to watch, either as --box or as --zone")
    hint = mark("write --box x,y,w,h in pixels (`camtool grid` helps to read them off), or --zone NAME")


class UnfitContainer(UsageError):
    """An output name whose ending camtool does not write."""

    message = mark('cannot write a clip as "{suffix}"')
    hint = mark("name the clip .mp4 or .mkv")


class NotAPicture(UsageError):
    """A still that is not named .png."""

    message = mark('a still is written as PNG, not as "{suffix}"')
    hint = mark("name it .png: lossless, with both times in its metadata")


class UnfitName(UsageError):
    """An output name whose ending is not one of those that the command writes."""

    message = mark('cannot write this as "{suffix}"')
    hint = mark("name it {known}")


class UnknownCommand(UsageError):
    """A command that camtool does not have."""

    message = mark('there is no command "{command}"')
    hint = mark("`camtool --help` lists the commands{similar}")


class UnknownOption(UsageError):
    """An option that the command does not have."""

    message = mark("`{command}` has no option {option}")
    hint = mark("`{command} --help` shows what it takes")


class MissingValue(UsageError):
    """A required option or argument that was left out."""

    message = mark("`{command}` needs {parameter}")
    hint = mark("`{command} --help` shows what it takes")


class BadValue(UsageError):
    """A value that an option or argument cannot have."""

    message = mark('{parameter} cannot be "{value}"')
    hint = mark("`{command} --help` shows what it takes")


class UnfitForSite(UsageError):
    """A name, folder or number that site.toml could not be read with."""

    message = mark("this cannot be written into site.toml: {detail}")
    hint = mark("give every name a text and every number its range; site.toml is as it was")


class NotOneOf(UsageError):
    """A value that is none of the few an option has."""

    message = mark('{parameter} cannot be "{value}": it takes {known}')
    hint = mark("`{command} --help` shows what it takes")


class GivenTwice(UsageError):
    """An option that counts once, given more than once."""

    message = mark("{option} was given twice")
    hint = mark("`{command}` takes it once; run it again for each")


class ValueLeftOut(UsageError):
    """An option at the end of the line, without its value."""

    message = mark("{option} needs a value")
    hint = mark("`{command} --help` shows what it takes")


class TakesNoValue(UsageError):
    """A switch that was given a value: --all=yes."""

    message = mark("{option} is a switch: it has no value")
    hint = mark("`{command} --help` shows what it takes")


class UnexpectedWords(UsageError):
    """Words after the command that it does not take."""

    message = mark('`{command}` has no use for "{words}"')
    hint = mark('put a time of several words in quotes: "24/11/2026 18:30"; `{command} --help` shows what it takes')


class NeedsCommand(UsageError):
    """A group of commands, and none of them named."""

    message = mark("`{command}` needs a command: {known}")
    hint = mark("`{command} --help` shows what each does")


class CannotRead(UsageError):
    """The parser of the command line refused it for another reason."""

    message = mark("the command line cannot be read: {detail}")
    hint = mark("`{command} --help` shows what it takes")


class NothingToVerify(UsageError):
    """`verify` with neither a path nor --catalog."""

    message = mark("nothing was named to be verified")
    hint = mark("give the path of a clip, or --catalog for every hashed recording of the site")


# ---- 10 input: a file or folder given is not what it has to be ------------------------------------------------


class InputError(CamtoolError):
    """Something camtool was pointed at is not as it needs to be."""

    exit_code = EXIT_INPUT


class NoSite(InputError):
    """No site.toml in this folder or above it."""

    message = mark("no site here: {folder} and the folders above it have no site.toml")
    hint = mark(
        "give --site DIR (or set CAMTOOL_SITE), or make one: camtool init DIR --name … --timezone Asia/Ho_Chi_Minh"
    )


class SiteExists(InputError):
    """`init` on a folder that is a site already."""

    message = mark("{folder} is a site already")
    hint = mark("use it as it is, or give another folder")


class BadSiteFile(InputError):
    """site.toml cannot be read, or misses something."""

    message = mark("{path}: {detail}")
    hint = mark("mend the file with a text editor; docs/site.md describes each line")


class CameraExists(InputError):
    """`camera add` with a number that is taken."""

    message = mark("camera {camera} exists already: {name}")
    hint = mark("choose another number, or edit site.toml")


class NoSuchFolder(InputError):
    """A folder that is not there, or is not a folder."""

    message = mark("{folder} is not a folder that can be read")
    hint = mark("check the path, and that the disk is connected")


class NoSuchFile(InputError):
    """A file that is not there."""

    message = mark("{path}: there is no such file")
    hint = mark("check the path")


class NotAFile(InputError):
    """A folder where a file was meant."""

    message = mark("{path}: this is a folder, not a file")
    hint = mark("give the path of the file itself")


class BadTemplate(InputError):
    """A generic layout's template that cannot be understood."""

    message = mark('the template "{template}" cannot be used: {detail}')
    hint = mark("it is written like ch%c/%Y-%m-%d/%H.%M.%S.mp4; docs/layouts.md lists the codes")


class NothingRecorded(InputError):
    """Nothing of the wanted time is in the catalog."""

    message = mark("camera {camera} has no recording between {start} and {end}")
    hint = mark('`camtool at "{when}"` shows what is nearest; has `camtool index` run since?')


class NotMoment(InputError):
    """A still of an instant that no recording covers."""

    message = mark("camera {camera} has no picture at {when}")
    hint = mark('`camtool at "{when}"` shows the recordings before and after it')


class OutputExists(InputError):
    """A file that would be overwritten."""

    message = mark("{path} exists already")
    hint = mark("choose another name: camtool never overwrites")


class InsideFootage(InputError):
    """An output inside a footage folder."""

    message = mark("{path} lies in the footage folder of camera {camera}")
    hint = mark("originals are sacred: write somewhere else")


class NoGlyph(InputError):
    """A name to be drawn with a sign that the font does not have."""

    message = mark('the sign "{sign}" in "{text}" cannot be drawn')
    hint = mark("write the name in Vietnamese or Latin letters; names of cameras and zones are in site.toml")


class NothingToShow(InputError):
    """A sheet or a reel of no event, or of none that can be seen."""

    message = mark("there is no event to show")
    hint = mark("`camtool skim` finds events; light, weather and camera events are shown with --all")


class NoProof(InputError):
    """`verify` of a clip without its sidecar."""

    message = mark("{path} has no proof beside it ({proof})")
    hint = mark("keep CLIP and CLIP.proof.json together; only clips made by `camtool cut` have one")


class BadProof(InputError):
    """A proof that cannot be read."""

    message = mark("{path} is not a proof that camtool can read: {detail}")
    hint = mark("take the file as it was written by `camtool cut`")


# ---- 20 media: footage that cannot be used as asked -----------------------------------------------------------


class MediaError(CamtoolError):
    """Footage that cannot be read or written as asked."""

    exit_code = EXIT_MEDIA


class Unplayable(MediaError):
    """A recording that no picture can be read from."""

    message = mark("{path}: cannot be read as video: {detail}")
    hint = mark("`camtool index` lists what is wrong with it; the original is untouched")


class NoKeyframe(MediaError):
    """A stretch in which no group of pictures begins."""

    message = mark("{path}: no keyframe at or before {when}, so no picture can be shown from there")
    hint = mark("ask for a later start")


class StreamsDiffer(MediaError):
    """Neighbouring recordings whose video cannot share one track."""

    message = mark(
        "the picture format changes at {when}, from {before} to {after}: one clip cannot hold both untouched"
    )
    hint = mark('cut each side on its own: one clip --to "{when}", one --from "{when}"')


class ProofFailed(MediaError):
    """A clip that did not read back as it was written; nothing was kept."""

    message = mark("the clip did not read back as written: {detail}; nothing was kept")
    hint = mark("try again on another disk, or name the clip .mkv; please report it if it stays")


class ProgramFailed(MediaError):
    """An outside program that gave up; nothing was kept."""

    message = mark("{program} gave up: {detail}; nothing was kept")
    hint = mark("try again, on another disk if need be; CAMTOOL_FFMPEG may name another ffmpeg")


class WorkerDied(MediaError):
    """A worker process that ended while it had this item alone: a crash in a video library, or no memory left."""

    message = mark("the program that worked on {item} ended abruptly: a crash of the video library, or no memory left")
    hint = mark("the rest was done; keep the file and report it: a damaged recording must not end a program")


# ---- 30 catalog -----------------------------------------------------------------------------------------------


class CatalogError(CamtoolError):
    """The catalog cannot be used."""

    exit_code = EXIT_CATALOG


class NoCatalog(CatalogError):
    """A site that was never indexed."""

    message = mark("nothing is indexed yet at {folder}")
    hint = mark("run `camtool index` first")


class CatalogTooNew(CatalogError):
    """A catalog written by a later camtool."""

    message = mark("{catalog} was written by a newer camtool (catalog version {found}; this one knows up to {known})")
    hint = mark("install the newer camtool; this one leaves the catalog alone")


class CatalogBusy(CatalogError):
    """Another run holds the catalog."""

    message = mark("another `camtool {job}` is at work on this site (process {owner})")
    hint = mark("let it finish; nothing was changed by this run")


class CatalogDamaged(CatalogError):
    """The database engine cannot read the catalog."""

    message = mark("{catalog} cannot be read: {detail}")
    hint = mark(
        "move it aside and run `camtool index`: it is rebuilt from the recordings; clock observations need a backup"
    )


# ---- 40 integrity ---------------------------------------------------------------------------------------------


class IntegrityError(CamtoolError):
    """Evidence that is not what it was."""

    exit_code = EXIT_INTEGRITY


class SourceChanged(IntegrityError):
    """A recording that is no longer what was hashed."""

    message = mark("{path} is not the recording that was hashed: {found} instead of {expected}")
    hint = mark("do not use it; ask who had access to the recorder's disk, and run `camtool index`")


# ---- 50 environment -------------------------------------------------------------------------------------------


class MachineError(CamtoolError):
    """The computer lacks something: a program, a right, room."""

    exit_code = EXIT_ENVIRONMENT


class DiskFull(MachineError):
    """No room for what is being written; nothing was kept."""

    message = mark("no room left on the disk of {path}; nothing half-written was kept")
    hint = mark("free some room or write to another disk, then run it again")


class NotAllowed(MachineError):
    """A right that is missing."""

    message = mark("{path}: not allowed: {detail}")
    hint = mark("ask whoever keeps this computer for the right to it")


class CannotGoOn(MachineError):
    """The computer refused a read or a write that nobody could foresee."""

    message = mark("the computer refused: {detail}")
    hint = mark("look whether a disk is full, gone or read-only, then run it again; the recordings are untouched")


class ProgramMissing(MachineError):
    """An outside program that is needed."""

    message = mark("the program {program} is needed and was not found")
    hint = mark("{remedy}")


# ---- 70 a bug -------------------------------------------------------------------------------------------------


class Bug(CamtoolError):
    """Anything that was not foreseen; the words for it, so that no traceback meets an officer."""

    message = mark("camtool itself failed: {detail}")
    hint = mark("please report it, with what `camtool --debug …` prints; the recordings are untouched")
