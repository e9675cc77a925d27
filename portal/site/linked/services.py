"""A matter as a public service: its authorities, the place, the document, the rule of its mode, the counters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from portal.i18n import gettext as _
from portal.powers.lists.profiles.rules import Actor
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode
from portal.powers.uptakes.queries import Point
from portal.site import wording
from portal.site.editions import PlaceName
from portal.site.linked.words import (
    CONTEXT,
    LANGUAGE,
    Node,
    chinese,
    concept,
    day,
    filled,
    lasting,
    reference,
    told,
)
from portal.site.matters import Asked
from portal.site.situations import Situation, Standing, full_name

STOPPED = "suspended"
"""The state of a matter that is stopped, where its effect would stand."""


def document(asked: Asked) -> Node:
    """The JSON-LD document for a matter, with what holds at the asked place where there is one."""
    return {"@context": CONTEXT, "@graph": _Description(asked).graph()}


def script(asked: Asked) -> Markup:
    """The same as the content of a data block in a page; nothing in it can end the block."""
    text = json.dumps(document(asked), ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  escaped above


class _Description:
    """The nodes of one matter."""

    def __init__(self, asked: Asked) -> None:
        self.edition = asked.edition
        self.row = asked.row
        self.mode = asked.row.mode
        self.stop = asked.local.stopped(asked.edition, asked.row.matter_id)
        self.at: Situation | None = None
        self.points: Sequence[Point] = ()
        self.here: PlaceName | None = None
        if asked.place is not None:
            self.mode = asked.mode(asked.place)
            self.at = asked.local.situation(asked.edition, asked.row, asked.place, self.mode)
            self.here = asked.local.answering(asked.edition, asked.row, asked.place)
            said = asked.local.of(self.here.id)
            self.points = said.points if said and not self.stop else ()
        self.name = lasting("site.matter", slug=self.edition.slug, matter_id=self.row.matter_id)

    def graph(self) -> list[Node]:
        """The service first, then whatever it speaks of."""
        issuer = _place(self.edition.issuer_code, self.edition.issuer)
        department = self._organisation(
            full_name(self.edition.issuer, self.row.department), issuer, self._department_address()
        )
        bodies, places, receiver = [department], [issuer], None
        if self.at is not None and self.here is not None:
            here = _place(self.here.code, self.here.name)
            places.append(here)
            if self.at.receiver:
                receiver = self._organisation(
                    self.at.receiver_name, here, f"{here['@id']}#{quote(self.at.receiver)}"
                )
                bodies.append(receiver)
        resource, rule = self._legal_resource(), self._rule()
        channels = [self._channel(point, number) for number, point in enumerate(self.points, 1)]
        kinds = [self._type(), self._status()]
        service = self._service(department, receiver, places, channels)
        service["cv:hasLegalResource"] = reference(resource)
        service["cpsv:follows"] = reference(rule)
        rule["cpsv:implements"] = reference(resource)
        linguistic = {"@id": LANGUAGE, "@type": "dct:LinguisticSystem"}
        listed = [self._dataset(), self._publisher()]
        return [service, *bodies, *places, resource, rule, *channels, *kinds, *listed, linguistic]

    def _service(
        self, department: Node, receiver: Node | None, places: list[Node], channels: list[Node]
    ) -> Node:
        said = self._sentence()
        authorities = [department, receiver] if receiver and self._decides_here() else [department]
        return filled(
            {
                "@id": f"{self.name}#service",
                "@type": ["cpsv:PublicService", "schema:GovernmentService"],
                "dct:identifier": self.row.code or f"{self.edition.slug}/{self.row.matter_id}",
                "dct:title": chinese(self.row.name),
                "dct:description": told(said),
                "dct:type": {"@id": self._type()["@id"]},
                "dct:language": {"@id": LANGUAGE},
                "dct:isPartOf": reference(self._dataset()),
                "dct:spatial": [reference(place) for place in places[-1:]],
                "adms:status": reference(self._status()),
                "dcat:keyword": [chinese(name) for name in self.row.everyday_names],
                "cv:hasCompetentAuthority": [reference(body) for body in authorities],
                "cv:hasChannel": [reference(channel) for channel in channels],
                "schema:name": chinese(self.row.name),
                "schema:alternateName": [chinese(name) for name in self.row.everyday_names],
                "schema:description": told(said),
                "schema:serviceType": told(_(self.row.type.label)),
                "schema:provider": reference(department),
                "schema:serviceOperator": reference(receiver) if receiver else None,
                "schema:areaServed": [reference(place) for place in places[-1:]],
                "schema:availableChannel": [reference(channel) for channel in channels],
                "schema:url": {"@id": self.name},
            }
        )

    def _sentence(self) -> str:
        """What the service is, where it leads at the place, and whether its document has been checked (M-5)."""
        said = _(
            "%(body)s的事项，列在《%(title)s》（%(policy)s）里。",
            body=full_name(self.edition.issuer, self.row.department),
            title=self.edition.title,
            policy=self.edition.policy_number,
        )
        if self.stop is not None:
            said = _("%(first)s%(second)s", first=said, second=wording.stopped_sentence(self.stop.since))
        elif self.at is not None:
            said = _("%(first)s%(second)s", first=said, second=wording.sentence(self.at))
        if self.edition.unchecked:
            said = _("%(first)s%(second)s", first=said, second=_("文件今天是否仍然有效还没有核对。"))
        return said

    def _decides_here(self) -> bool:
        at = self.at
        return at is not None and at.standing is Standing.OPEN and at.actor(Stage.DECIDE) is Actor.PLACE

    def _department_address(self) -> str:
        if not self.row.department:
            return f"{lasting('site.place', code=self.edition.issuer_code)}#body"
        return lasting("site.department", code=self.edition.issuer_code, name=self.row.department)

    def _organisation(self, name: str, place: Node, address: str) -> Node:
        return {
            "@id": address,
            "@type": ["cv:PublicOrganisation", "schema:GovernmentOrganization"],
            "skos:prefLabel": chinese(name),
            "schema:name": chinese(name),
            "dct:spatial": reference(place),
        }

    def _legal_resource(self) -> Node:
        policy = self.edition.policy
        number = self.edition.policy_number
        return filled(
            {
                "@id": lasting("site.policy", policy_id=policy.id) if policy else f"{self._list()}#policy",
                "@type": ["eli:LegalResource", "schema:Legislation"],
                "dct:title": chinese(policy.title) if policy else None,
                "dct:identifier": number,
                "dct:issued": day(policy.issued_on.isoformat()) if policy and policy.issued_on else None,
                "schema:name": chinese(policy.title) if policy else None,
                "schema:legislationIdentifier": number,
            }
        )

    def _rule(self) -> Node:
        """The mode as the list means it, at the place or as usual."""
        means = dict(wording.states())[self.mode]
        return {
            "@id": f"{lasting('site.modes')}#{self.edition.slug}-{self.mode.value}",
            "@type": "cpsv:Rule",
            "dct:identifier": f"{self.edition.slug}/{self.mode.value}",
            "dct:title": told(wording.named(self.edition.labels[self.mode], Mode(self.mode))),
            "dct:description": told(means),
        }

    def _channel(self, point: Point, number: int) -> Node:
        """A counter of the place."""
        assert self.here is not None  # noqa: S101  points are read for a place
        where = filled(
            {
                "@type": "schema:Place",
                "schema:name": chinese(point.name),
                "schema:address": chinese(point.address) if point.address else None,
                "schema:telephone": point.phone,
                "schema:description": chinese(point.hours) if point.hours else None,
            }
        )
        return {
            "@id": f"{lasting('site.place', code=self.here.code)}#point-{number}",
            "@type": ["cv:Channel", "schema:ServiceChannel"],
            "dct:identifier": f"{self.here.code}/{number}",
            "dct:description": chinese(point.name),
            "schema:name": chinese(point.name),
            "schema:serviceLocation": where,
        }

    def _type(self) -> Node:
        kind = self.row.type
        return concept(f"{lasting('site.reading')}#type-{kind.value}", _(kind.label))

    def _status(self) -> Node:
        words = {
            "in_force": _("有效"),
            "abolished": _("已取消"),
            "unverified": _("未核对"),
            STOPPED: _("紧急停办"),
        }
        state = STOPPED if self.stop else self.row.status.get("state", "unverified")
        return concept(f"{lasting('site.reading')}#status-{state}", words[state])

    def _dataset(self) -> Node:
        """The list that the matter stands in."""
        document = f"{self.edition.policy_number}{self.edition.annex}"
        return {
            "@id": self._list(),
            "@type": ["dcat:Dataset", "schema:Dataset"],
            "dct:title": chinese(self.edition.title),
            "dct:description": chinese(document),
            "dct:identifier": f"{self.edition.slug}/{self.edition.number}",
            "dct:publisher": reference(self._publisher()),
            "schema:name": chinese(self.edition.title),
            "schema:description": chinese(document),
            "schema:version": str(self.edition.number),
        }

    def _publisher(self) -> Node:
        """Who issued the document."""
        policy = self.edition.policy
        return {
            "@id": f"{lasting('site.place', code=self.edition.issuer_code)}#government",
            "@type": "foaf:Agent",
            "dct:identifier": self.edition.issuer_code,
            "dct:title": chinese(policy.issuer if policy else self.edition.issuer),
        }

    def _list(self) -> str:
        return lasting("site.power_list", slug=self.edition.slug)


def _place(code: str, name: str) -> Node:
    return {
        "@id": lasting("site.place", code=code),
        "@type": ["dct:Location", "schema:AdministrativeArea"],
        "dct:identifier": code,
        "locn:geographicName": chinese(name),
        "schema:name": chinese(name),
        "schema:identifier": code,
    }
