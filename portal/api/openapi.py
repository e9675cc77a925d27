"""The description of the API: OpenAPI 3.1, made from the declarations that the API itself runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from pydantic.json_schema import models_json_schema

from portal.address import absolute
from portal.api import problems
from portal.api.blueprint import PREFIX
from portal.api.limits import WINDOW, quota
from portal.api.operations import Operation, described
from portal.api.parameters import LANGUAGE, Parameter
from portal.api.problems import Kind
from portal.api.schemas.base import Resource
from portal.i18n import gettext as _

VERSION = "1.0.0"
"""Of the API, not of the portal: 1 stays as long as nothing is taken away or changes its meaning."""

REFERENCE = "#/components/schemas/{model}"


def document() -> dict[str, Any]:
    """The whole description, in the language of the request."""
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": _info(),
        "servers": [{"url": absolute(PREFIX)}],
        "paths": {each.path: _path(each) for each in described()},
        "components": {"schemas": {**_schemas(), "Problem": _problem()}},
    }


def _info() -> dict[str, Any]:
    site = current_app.config["REMIT"].site
    return {
        "title": _("%(site)s数据接口", site=_(site.name)),
        "version": VERSION,
        "description": _(
            "已经公布的内容，只能读取，不用登录。名称照文件，是中文；每个地址每 %(window)s 秒可以请求 %(quota)s 次。"
            "答复带有 ETag：请在 If-None-Match 里带回来，没有变时只答 304，不计次数。",
            window=WINDOW,
            quota=quota(),
        ),
    }


def _path(operation: Operation) -> dict[str, Any]:
    parameters = [_parameter(each, "path") for each in operation.path_parameters]
    parameters += [_parameter(each, "query") for each in (*operation.reads, LANGUAGE)]
    return {
        "get": {
            "operationId": operation.name,
            "summary": _(operation.summary),
            "parameters": parameters,
            "responses": _responses(operation),
        }
    }


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    schema: dict[str, Any] = dict(parameter.schema)
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": where,
        "description": _(parameter.purpose),
        "required": where == "path",
        "schema": schema,
    }
    if parameter.many or parameter.listed:
        said |= {"schema": {"type": "array", "items": schema, "minItems": 1}, "style": "form"}
        said["explode"] = parameter.many
    return said


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": _(operation.summary),
        "headers": _headers(operation),
        "content": {operation.media_type: {"schema": returned(operation)}},
    }
    kinds = [Kind.BAD_PARAMETER, Kind.NOT_FOUND, Kind.TOO_MANY]
    if operation.closed:
        kinds.insert(2, Kind.CLOSED)
    failures = {
        str(int(kind.status)): {
            "description": _(kind.title),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
        }
        for kind in kinds
    }
    copied = {"304": {"description": _("读者手里的还是新的")}}
    return {"200": good} | copied | failures


def _headers(operation: Operation) -> dict[str, Any]:
    told = {
        "ETag": _("这份答复的标记，下次放在 If-None-Match 里"),
        "RateLimit-Policy": _("可以请求多少次"),
        "RateLimit": _("还可以请求多少次，几秒以后重新计数；由缓存答复时没有"),
    }
    if operation.many:
        told["Link"] = _("下一页的地址，rel=next；最后一页没有")
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in told.items()}


def returned(operation: Operation) -> dict[str, Any]:
    """The schema of what an operation answers with."""
    one = {"$ref": REFERENCE.format(model=operation.returns.__name__)}
    if not operation.many:
        return one
    return {
        "type": "object",
        "required": ["items", "next"],
        "additionalProperties": False,
        "properties": {
            "items": {"type": "array", "items": one},
            "next": {"type": ["string", "null"], "description": _("下一页的地址；最后一页是 null")},
        },
    }


def _schemas() -> dict[str, Any]:
    """Every resource and its parts. What is answered itself requires no field: `fields` leaves the others out."""
    answered = {each.returns.__name__ for each in described()}
    models = dict.fromkeys(each.returns for each in described())
    _by_model, said = models_json_schema(
        [(model, "serialization") for model in models], ref_template=REFERENCE
    )
    found: dict[str, Any] = said.get("$defs", {})
    return {
        name: _shown({key: value for key, value in schema.items() if key not in _unsaid(name, answered)})
        for name, schema in found.items()
    }


def _unsaid(name: str, answered: Iterable[str]) -> set[str]:
    return {"title", "required", "description"} if name in answered else {"title", "description"}


def _shown(schema: Any) -> Any:
    """The schema with its descriptions in the language of the request, without pydantic's made-up titles."""
    if isinstance(schema, list):
        return [_shown(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    shown: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            shown[key] = {
                name: _shown({k: v for k, v in each.items() if k != "title"}) for name, each in value.items()
            }
        else:
            shown[key] = _(value) if key == "description" else _shown(value)
    return shown


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": _("出了什么问题（RFC 9457）"),
        "required": ["type", "code", "status", "title", "title_en", "detail", "detail_en"],
        "properties": {
            "type": {**text, "format": "uri-reference"},
            "code": {**text, "enum": [kind.code for kind in Kind]},
            "status": {"type": "integer"},
            **dict.fromkeys(("title", "title_en", "detail", "detail_en"), text),
        },
    }


def fields(model: type[Resource]) -> list[tuple[str, str]]:
    """The fields of a resource with what they mean, in the language of the request."""
    return [(name, _(str(each.description))) for name, each in model.model_fields.items()]
