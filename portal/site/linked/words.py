"""The vocabularies: prefixes, and the parts that every description is made of."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.address import CARRIED, absolute
from portal.i18n import language_tag

CHINESE = "zh-CN"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/ZHO"
"""Chinese in the EU's list of languages."""

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = dict[str, Any]


def lasting(endpoint: str, **values: Any) -> str:
    """An address that names a thing: with its host, without what a page's address carries for its reader."""
    return absolute(url_for(endpoint, **{**dict.fromkeys(CARRIED), **values}))


def chinese(text: str) -> Node:
    """A document's own words."""
    return {"@value": text, "@language": CHINESE}


def told(text: str) -> Node:
    """A sentence of the pages, in the language of the request."""
    return {"@value": text, "@language": language_tag()}


def day(text: str) -> Node:
    """A date, as YYYY-MM-DD."""
    return {"@value": text, "@type": "xsd:date"}


def reference(node: Node) -> Node:
    """A node by its name alone."""
    return {"@id": node["@id"]}


def concept(name: str, label: str) -> Node:
    """A word of a list of words."""
    return {"@id": name, "@type": "skos:Concept", "skos:prefLabel": told(label)}


def filled(node: Node) -> Node:
    """The node without what there is nothing of."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}
