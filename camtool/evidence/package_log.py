"""The custody log in a package: its chain up to the head that was sealed, and the files that it names."""

from collections.abc import Mapping
from pathlib import Path

from camtool.core.case import ROLES, Act, Case, case_of
from camtool.core.custody import Anchor, Chain, FileObject, read_chain
from camtool.evidence import bag
from camtool.evidence.package_faults import Findings, PackageFault, Unchecked
from camtool.evidence.package_read import LOG, Tree
from camtool.evidence.papers import KEPT_NOTE


def check_log(tree: Tree, info: Mapping[str, str], findings: Findings) -> tuple[Chain, Case | None]:
    """Check the log's chain against bag-info.txt; the case is None where the log does not tell one."""
    chain = Chain((), (), ())
    if LOG not in tree.sizes:
        return chain, None
    try:
        with Path(tree.path(LOG)).open("rb") as file:
            lines = list(file)
    except OSError as error:
        findings.skip(Unchecked.FILE_UNREADABLE, LOG, error.strerror)
        return chain, None
    head, count = info.get("Custody-Head"), info.get("Custody-Entries", "")
    anchors = [Anchor(head, int(count))] if head and count.isascii() and count.isdigit() else []
    if not anchors and info:
        findings.fault(PackageFault.BAG_INFO_UNFIT, bag.BAG_INFO, "Custody-Head, Custody-Entries")
    chain = read_chain(lines, anchors)
    for fault in chain.faults:
        where = f"{LOG}:{fault.line}" if fault.line else LOG
        findings.fault(f"log_{fault.kind}", where, fault.expected, fault.found)
    if anchors and chain.count > int(count):
        findings.fault(PackageFault.LOG_LONGER, LOG, count, str(chain.count))
    try:
        case = case_of(chain.entries)
    except (ValueError, KeyError, TypeError) as error:
        findings.fault(PackageFault.LOG_UNREADABLE, LOG, None, str(error))
        return chain, None
    if chain.entries[-1].act != Act.PACKAGE:
        findings.fault(PackageFault.LOG_NOT_PACKED, LOG, Act.PACKAGE, chain.entries[-1].act)
    if (number := info.get("External-Identifier")) is not None and number != case.number:
        findings.fault(PackageFault.LOG_OTHER_CASE, LOG, number, case.number)
    return chain, case


def check_items(case: Case, chain: Chain, listed: Mapping[str, str], findings: Findings) -> None:
    """Hold the files under the roles' folders against the files that the log names, both ways."""
    named: dict[str, FileObject] = {}
    for item in case.items:
        for held in (item.object, *item.parts):
            named[f"{bag.PAYLOAD}/{held.path}"] = held
    for path, sha256 in listed.items():
        role = path.split("/")[1] if path.count("/") > 1 else ""
        if role not in ROLES or path == f"{bag.PAYLOAD}/{KEPT_NOTE}":
            continue
        if path not in named:
            findings.fault(PackageFault.ITEM_UNKNOWN, path)
        elif named[path].sha256 != sha256:
            findings.fault(PackageFault.ITEM_CHANGED, path, named[path].sha256, sha256)
    for path in _packed(case, chain):
        if path not in listed:
            findings.fault(PackageFault.ITEM_MISSING, path, named[path].sha256)


def _packed(case: Case, chain: Chain) -> list[str]:
    """Return the files that the last row says were packed; a redacted copy's log numbers its item as the case did."""
    stated = chain.entries[-1].facts.get("items", ()) if chain.entries else ()
    numbers = set(stated) if isinstance(stated, list | tuple) else set()
    if len(case.items) == 1:
        return [f"{bag.PAYLOAD}/{case.items[0].object.path}"]
    return [f"{bag.PAYLOAD}/{item.object.path}" for item in case.items if item.id in numbers]
