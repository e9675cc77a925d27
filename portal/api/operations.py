"""The operations of the API: each is declared once, and from that declaration routed, read, answered and described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps

from flask import Response

from portal.address import knows
from portal.api import parameters
from portal.api.blueprint import api
from portal.api.limits import limited
from portal.api.parameters import Parameter
from portal.api.problems import Kind, Problem
from portal.api.schemas.base import Resource
from portal.i18n import mark


@dataclass(frozen=True)
class Example:
    """A request that the documentation shows and the tests make: what it is for, its parameters, its path's values.

    Values may have holes that `samples` fills from what is published: {list}, {place}, {issuer}, {matter},
    {department}, {words}, {mode}, {memorandum}.
    """

    purpose: str
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One address: `path` as OpenAPI writes it, what comes back (`many` in pages), and what it reads.

    Resources that are answered alone or in pages take `fields`.
    """

    name: str
    path: str
    summary: str
    returns: type[Resource]
    parameters: tuple[Parameter, ...] = ()
    path_parameters: tuple[Parameter, ...] = ()
    many: bool = False
    closed: bool = False
    """Whether what is asked for may have been closed (410)."""
    examples: tuple[Example, ...] = ()
    media_type: str = "application/json"

    @property
    def reads(self) -> tuple[Parameter, ...]:
        """Every parameter of the query but the language."""
        return self.parameters if self.media_type != "application/json" else (*self.parameters, self.fields)

    @property
    def fields(self) -> Parameter:
        """The choice of fields of what comes back."""
        return Parameter(
            "fields",
            mark("只要这些字段，用逗号隔开；不给就是全部"),
            parameters.one_of(list(self.returns.model_fields)),
            listed=True,
        )


OPERATIONS: dict[str, Operation] = {}
"""By the name of the endpoint."""

ORDER = ("places", "organisations", "lists", "revisions", "matters", "answers", "memoranda", "changes")
"""The first words of the paths, as people are told of them."""

View = Callable[..., Response]
"""Takes `Asked` and the values of the path by name."""


def operation(declared: Operation) -> Callable[[View], View]:
    """Route a view that takes the asked parameters and the path's values; its parameters are read before."""

    def hang(view: View) -> View:
        OPERATIONS[declared.name] = declared
        rule = declared.path
        for each in declared.path_parameters:
            rule = rule.replace(f"{{{each.name}}}", f"<{_converter(each)}:{each.name}>")

        @wraps(view)
        def answered(**path: object) -> Response:
            if not all(each.fits(path[each.name]) for each in declared.path_parameters):
                raise Problem(Kind.NOT_FOUND)
            return view(parameters.read(declared.reads), **path)

        known = knows(*(each.name for each in (*declared.reads, parameters.LANGUAGE)))(limited(answered))
        api.add_url_rule(rule, endpoint=declared.name, view_func=known, methods=["GET"])
        return view

    return hang


def described() -> list[Operation]:
    """Every operation in the order of the description."""
    return sorted(OPERATIONS.values(), key=lambda each: ORDER.index(each.path.split("/")[1]))


def _converter(parameter: Parameter) -> str:
    """How Flask takes the value out of the path; names of bodies may hold a slash."""
    if parameter.schema["type"] == "integer":
        return f"int(max={parameters.LARGEST})"
    return "string" if parameter.schema is parameters.WORD else "path"
