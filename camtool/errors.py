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


class CamerasBeside(UsageError):
    """More cameras, or fewer, than can be shown side by side."""

    message = mark("{count} cameras cannot be shown side by side: it takes {least} to {most}")
    hint = mark("name them with --camera, such as --camera 3,5,6")


class CameraNotAmong(UsageError):
    """A camera to be heard that is not one of those shown."""

    message = mark("camera {camera} is not among those shown")
    hint = mark("--audio takes one of the cameras named with --camera")


class TooManyCells(UsageError):
    """A sheet by time with more pictures than anyone looks through."""

    message = mark("that would be {cells} pictures; a sheet takes {most}")
    hint = mark("choose a larger step (--every) or a shorter window")


class UnreadableLength(UsageError):
    """A length of time that cannot be read for sure."""

    message = mark('cannot read "{text}" as a length of time')
    hint = mark("write it like one of these: 10 (minutes), 30s, 10m, 1h30m, 10 phút; at most 24h")


class CannotRead(UsageError):
    """The parser of the command line refused it for another reason."""

    message = mark("the command line cannot be read: {detail}")
    hint = mark("`{command} --help` shows what it takes")


class NothingToVerify(UsageError):
    """`verify` with neither a path nor --catalog."""

    message = mark("nothing was named to be verified")
    hint = mark("give the path of a clip, or --catalog for every hashed recording of the site")


class NoOfficer(UsageError):
    """An act on a case that nobody answers for."""

    message = mark("nobody is named who answers for this")
    hint = mark('add --officer "…", or set it once: officer = "…" under [site] in site.toml, or CAMTOOL_OFFICER')


class UnknownCase(UsageError):
    """A case number that this site does not have."""

    message = mark('there is no case "{case}" at this site')
    hint = mark("`camtool case list` shows them; a new one: camtool case open TITLE --kind KIND")


class UnfitText(UsageError):
    """A title, a name or a note that cannot be kept."""

    message = mark("{what} cannot be kept: {reason}")
    hint = mark("write it as one plain line of text; a note may have several")


class UnknownItem(UsageError):
    """An item that the case does not have."""

    message = mark('case {case} has no item "{item}"')
    hint = mark("give its number, its path or its SHA-256: `camtool case show {case}` lists them")


class ColumnMissing(UsageError):
    """A list of requests without a column that it needs."""

    message = mark('there is no column "{column}"')
    hint = mark("`camtool batch --template requests.xlsx` writes a list with every column")


class ColumnTwice(UsageError):
    """Two columns of a list of requests that mean the same."""

    message = mark('a second column of the same meaning: "{heading}"')
    hint = mark("keep one of them")


class ColumnUnknown(UsageError):
    """Headings that mean nothing, where one that is needed is missing."""

    message = mark("headings that mean nothing here: {headings}")
    hint = mark("`camtool batch --template requests.xlsx` writes a list with every column")


class ValueMissing(UsageError):
    """An empty cell where a value is needed."""

    message = mark("the cell is empty")
    hint = mark("docs/batch.md says what each column holds")


class NotACaseNumber(UsageError):
    """A text that looks like a case number and is none."""

    message = mark('"{text}" looks like a case number and is none')
    hint = mark("a number is written HS-2026-0001; any other text is the title of a new case")


class NoSuchKind(UsageError):
    """A kind of case that there is not."""

    message = mark('there is no kind of case "{text}"')
    hint = mark("kinds: {known}")


class WasMadeADate(UsageError):
    """Camera numbers that a spreadsheet took for a date."""

    message = mark("the spreadsheet made a date out of the camera numbers ({text})")
    hint = mark("format the column as text and type the numbers again")


class RequestTwice(UsageError):
    """A row that asks for the same as another."""

    message = mark("it asks for the same as row {other}")
    hint = mark("take one of them out")


class RequestsUnfit(UsageError):
    """A list of requests with faults; they have been listed."""

    message = mark("the list has faults ({count}); nothing was written")
    hint = mark("mend the rows above and run it again")


class WeakPassphrase(UsageError):
    """A passphrase that would not protect a key that was stolen."""

    message = mark("this passphrase is too weak: {reason}")
    hint = mark("take four or five words that have nothing to do with each other, and write them down for the safe")


class NoPassphrase(UsageError):
    """A passphrase is needed, and there is nobody to ask."""

    message = mark("the passphrase of the site's key is needed")
    hint = mark("run it in a terminal, or give --passphrase-fd N or CAMTOOL_KEY_PASSPHRASE")


class PassphrasesDiffer(UsageError):
    """A new passphrase that was typed in two different ways."""

    message = mark("the two passphrases are not the same")
    hint = mark("nothing was made; try again")


class NotAFingerprint(UsageError):
    """A fingerprint that is not one."""

    message = mark('"{text}" is not a fingerprint: it has 64 digits, 0-9 and a-f')
    hint = mark("copy code 2 of the paper seal sheet; spaces between the groups do no harm")


class UnreadableRange(UsageError):
    """A --seconds or --speed value that is not a least and a most."""

    message = mark('cannot read "{text}" as {parameter}')
    hint = mark("write the least and the most with two dots between: {parameter} {example}")


class NotBoth(UsageError):
    """Two options of which each says it all."""

    message = mark("{one} and {other} cannot be given together")
    hint = mark("give one of them")


class LinkToItself(UsageError):
    """A camera linked to itself."""

    message = mark("camera {camera} cannot lead to itself")
    hint = mark("name two cameras: `camtool camera link 3 5` says that the way leads from 3 to 5")


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

    message = mark("{path}: this is a folder or a device, not a file")
    hint = mark("give the path of the file itself")


class NothingSealedHere(InputError):
    """A folder that is neither a package nor a case."""

    message = mark("{path} is neither a package nor a case")
    hint = mark("give the package's own folder, the one that holds DOC_TRUOC.txt")


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

    message = mark("{path} lies in the footage folder {folder}")
    hint = mark("originals are sacred: write somewhere else")


class NoGlyph(InputError):
    """A name to be drawn with a sign that the font does not have."""

    message = mark('the sign "{sign}" in "{text}" cannot be drawn')
    hint = mark(
        "write it in Vietnamese or Latin letters; names of cameras and zones are in site.toml, labels in the notes file"
    )


class NothingToShow(InputError):
    """A sheet or a reel of no event, or of none that can be seen."""

    message = mark("there is no event to show")
    hint = mark("`camtool skim` finds events; light, weather and camera events are shown with --all")


class BadNotes(InputError):
    """A file of notes for `annotate` that cannot be read for sure."""

    message = mark("{path}: {why}")
    hint = mark("docs/annotate.md shows how notes are written; `camtool annotate --help` has an example")


class AfterTheEnd(InputError):
    """A place in a clip that the clip does not reach."""

    message = mark("{path} has no picture at {at} s: it is {length} s long")
    hint = mark("--at counts seconds from the clip's start")


class NoDistance(InputError):
    """A link without seconds, between cameras of which not both have a place."""

    message = mark("how long the way from camera {start} to camera {end} takes cannot be worked out")
    hint = mark("add --seconds 40..180, or write lat and lon of both cameras into site.toml")


class NoLink(InputError):
    """A link to be taken out that is not there."""

    message = mark("no way leads from camera {start} to camera {end}")
    hint = mark("`camtool camera list` shows the links of each camera")


class NoSuchEvent(InputError):
    """An event number that the catalog does not have."""

    message = mark("there is no event {event}")
    hint = mark("`camtool events` lists them; a file that is skimmed more closely gives its events new numbers")


class NowhereToFollow(InputError):
    """`follow` from a camera without links."""

    message = mark("site.toml does not say where the way leads from camera {camera}")
    hint = mark("say it once: camtool camera link {camera} N --seconds 40..180")


class LeftElsewhen(InputError):
    """`follow --left` at a time that has nothing to do with the event."""

    message = mark("event {event} was seen from {start} to {end}: what is followed cannot have left it at {left}")
    hint = mark("--left is the true time at which it left the picture, at most an hour before or after the event")


class NoProof(InputError):
    """`verify` of a clip without its sidecar."""

    message = mark("{path} has no proof beside it ({proof})")
    hint = mark("keep CLIP and CLIP.proof.json together; only clips made by `camtool cut` have one")


class BadProof(InputError):
    """A proof that cannot be read."""

    message = mark("{path} is not a proof that camtool can read: {detail}")
    hint = mark("take the file as it was written by `camtool cut`")


class NothingToPackage(InputError):
    """A package that would hold no file."""

    message = mark("case {case} has nothing to go into this package")
    hint = mark("add files first: camtool case add, camtool cut --case; a redacted copy goes with --redacted, alone")


class MixedPackage(InputError):
    """A redacted copy together with other files."""

    message = mark("a redacted copy travels alone, and item {items} is one")
    hint = mark("make a package of its own for it: camtool package CASE --item N -o DIR")


class UnsealableName(InputError):
    """A file name that BagIt, sha256sum and Windows would not all hold the same way."""

    message = mark("a package cannot hold the name {path} ({sign})")
    hint = mark("add the file to the case under a plain name; the recorder's own name stays in the custody log")


class NoKey(InputError):
    """A site without a signing key."""

    message = mark("this site has no key yet")
    hint = mark("make one: camtool key create")


class KeyExists(InputError):
    """`key create` where there is a key."""

    message = mark("this site has a key already: {fingerprint}")
    hint = mark("`camtool key show` shows it; `camtool key rotate` replaces it and keeps it in the history")


class WrongPassphrase(InputError):
    """A passphrase that does not open the key."""

    message = mark("the passphrase does not open the key")
    hint = mark("mind capital letters and the keyboard's language; without it, make a new key: camtool key rotate")


class KeyExpired(InputError):
    """A key that may not sign any more, or not yet."""

    message = mark("the site's key is good from {start} to {end}, and it is {now}")
    hint = mark("make a new key: camtool key rotate; check this computer's clock")


class CaseClosed(InputError):
    """An act on a case that is closed."""

    message = mark("case {case} is closed")
    hint = mark("it can be read and verified; `camtool case reopen {case}` opens it again, and the log says so")


class CaseOpen(InputError):
    """Reopening a case that is open."""

    message = mark("case {case} is open")
    hint = mark("nothing has to be done")


class UnfitRole(InputError):
    """A file that cannot be in a case what it is said to be."""

    message = mark("{path} cannot be {role}: {reason}")
    hint = mark(
        "goc: a recorder's own file; trich: a clip made by `camtool cut`, with its proof; xem, che: with --parent and "
        "--made-by; anh: a picture; giay_to: a scan"
    )


class UnfitFile(InputError):
    """A file that cannot come into a case as it is, whatever it is said to be."""

    message = mark("{path} cannot be added: {reason}")
    hint = UnfitRole.hint


class InsideCase(InputError):
    """A copy that would lie in a case's own folder, where the log knows nothing of it."""

    message = mark("{path} lies in the folder of case {case}")
    hint = mark("the case keeps what is made by itself; -o is for a copy somewhere else")


class MadeElsewhere(InputError):
    """Making again what camtool did not make."""

    message = mark("{path} was not made by camtool out of recordings; its command: {command}")
    hint = mark("run that command yourself on what it was made from, and compare the SHA-256")


class AlreadyInCase(InputError):
    """The same content twice in one case."""

    message = mark("{path} is in case {case} already: item {item} ({role})")
    hint = mark("nothing has to be done; a file is in a case once, in one role")


class NotATable(InputError):
    """A list of requests that cannot be read as a table."""

    message = mark("{path} cannot be read as a table: {detail}")
    hint = mark("save it as .xlsx, or as CSV UTF-8")


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


class CaseBusy(CatalogError):
    """Another run has held a case's custody log for a minute."""

    message = mark("another camtool has been writing into {path} for a minute")
    hint = mark("let it finish, then run it again; nothing was changed by this run")


# ---- 40 integrity ---------------------------------------------------------------------------------------------


class IntegrityError(CamtoolError):
    """Evidence that is not what it was."""

    exit_code = EXIT_INTEGRITY


class SourceChanged(IntegrityError):
    """A recording that is no longer what was hashed."""

    message = mark("{path} is not the recording that was hashed: {found} instead of {expected}")
    hint = mark("do not use it; ask who had access to the recorder's disk, and run `camtool index`")


class NotAnExtract(IntegrityError):
    """A clip whose proof does not hold."""

    message = mark("{path} cannot be an extract: {reason} ({where})")
    hint = mark("`camtool verify CLIP` names everything; cut it anew: camtool cut --case ID …")


class FileNotAsLogged(IntegrityError):
    """A file of a case that is not what the custody log says; it is not sealed."""

    message = mark("{path} is not the file that the custody log names: {found} instead of {expected}")
    hint = mark("nothing was sealed; ask who had access to the case's folder; `camtool verify CASE` names everything")


class ProofNotSound(IntegrityError):
    """A clip whose proof does not fit it; it is not sealed."""

    message = mark("the proof of {path} does not hold: {detail}")
    hint = mark("nothing was sealed; `camtool verify CLIP` names everything; cut the clip anew")


class HiddenPictures(IntegrityError):
    """A clip in which an edit list hides pictures; it is not sealed."""

    message = mark("{count} pictures are hidden in {path}: a player does not show them")
    hint = mark("nothing was sealed; cut the clip anew with `camtool cut`, which hides nothing")


class LogDamaged(IntegrityError):
    """A custody log whose chain is broken; nothing is written behind it. line 0: not at one line."""

    message = mark("{path}, line {line}: {detail}")
    hint = mark(
        "`camtool verify CASE` names everything; nothing more is written into this log: keep it, make a copy, ask"
    )


class KeyDamaged(IntegrityError):
    """Files of the key that do not fit each other."""

    message = mark("{path}: {detail}")
    hint = mark(
        "bring the folder keys/ back from a backup; a key that cannot be trusted is replaced: camtool key rotate"
    )


class StampUnfit(IntegrityError):
    """A time-stamp that is not one of what was sent; nothing is sealed with it."""

    message = mark("the time-stamp cannot be used: {detail} {more}")
    hint = mark("nothing was sealed; ask the time-stamp authority, name another, or seal without a time-stamp")


class PackageChanged(IntegrityError):
    """A package that is not as batch made it."""

    message = mark("{path} is not the package that was made: its hash is another")
    hint = mark("keep it as it is and ask who had access to it; choose another folder for a new one")


# ---- 50 environment -------------------------------------------------------------------------------------------


class MachineError(CamtoolError):
    """The computer lacks something: a program, a right, room."""

    exit_code = EXIT_ENVIRONMENT


class StampUnreachable(MachineError):
    """A time-stamp authority that does not answer as one."""

    message = mark("no time-stamp from {where}: {detail}")
    hint = mark("nothing was sealed; check the network, name another authority, or seal without a time-stamp")


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
