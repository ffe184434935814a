"""XML as DJ software expects it."""

from __future__ import annotations

from xml.etree import ElementTree as Tree


def document(root: Tree.Element, declared: str = "") -> bytes:
    """Write a document, indented, with its declaration in the plainest form.

    Parameters
    ----------
    root : Element
        It is changed.
    declared : str
        What else is declared.
    """
    Tree.indent(root)
    text = Tree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"{declared}?>\n{text}\n'.encode()
