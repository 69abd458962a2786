"""The layouts that are there: every module of this package that has a LAYOUT."""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from camtool import layouts as package
from camtool.core.claim import Claim, Layout
from camtool.core.model import Camera
from camtool.errors import BadTemplate, UnknownLayout
from camtool.layouts.generic import template_layout

AUTO = "auto"
TEMPLATE = "template"


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every vendor's layout, by name. No name is read by two of them (the tests see to it), so order is free."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.ispkg)
    found = (getattr(import_module(f"{package.__name__}.{name}"), "LAYOUT", None) for name in names)
    return tuple(sorted((layout for layout in found if isinstance(layout, Layout)), key=lambda layout: layout.name))


def layout_named(name: str) -> Layout:
    """Return the layout that site.toml calls by name. Raises UnknownLayout."""
    for layout in layouts():
        if layout.name == name:
            return layout
    known = ", ".join((AUTO, *(layout.name for layout in layouts()), TEMPLATE))
    raise UnknownLayout(layout=name, known=known)


def choice_for(camera: Camera) -> tuple[Layout, ...]:
    """Return the layouts a camera's files are read by: the one it names, or all; its template first, where it has one.

    Raises UnknownLayout, and BadTemplate for a template that cannot be read or is asked for and missing.
    """
    if camera.layout == TEMPLATE and camera.template is None:
        raise BadTemplate(template="", detail='layout = "template" needs a line template = …')
    own = () if camera.template is None else (template_layout(camera.template),)
    if camera.layout == TEMPLATE:
        return own
    return own + (layouts() if camera.layout == AUTO else (layout_named(camera.layout),))


def claim_with(path: str, choice: Sequence[Layout]) -> Claim | None:
    """Return what the first layout of choice that knows it reads in a path, or None: the name is foreign."""
    for layout in choice:
        if claim := layout.claim(path):
            return claim
    return None
