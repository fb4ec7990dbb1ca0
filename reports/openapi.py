"""The description of the JSON interface, written from the same tables as its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.datasets import DATASETS

if TYPE_CHECKING:
    from reports.datasets import Dataset, Field

PAGE_AT_MOST = 500
_UNAUTHORISED = {"401": {"description": "没有密钥，或密钥已停用、已过期。"}}


def document(base: str) -> dict[str, Any]:
    """OpenAPI 3.1; `base` is the address of this portal."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "三大数据接口",
            "version": "1",
            "description": "只读。用“接口密钥”访问，所见范围与密钥持有人在系统中的权限相同。",
        },
        "servers": [{"url": f"{base}/api/v1"}],
        "security": [{"token": []}],
        "paths": {
            "/progress": _progress(),
            **{f"/{name}": _list(dataset) for name, dataset in DATASETS.items()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {name: _schema(dataset) for name, dataset in DATASETS.items()},
        },
    }


def _parameter(name: str, kind: str, meaning: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "date"} if kind == "date" else {"type": kind}
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def _progress() -> dict[str, Any]:
    return {
        "get": {
            "operationId": "progress",
            "summary": "进展数据",
            "description": "与系统“进展”页同一份数据。看不到全校的人须给出单位。",
            "parameters": [
                _parameter("unit", "string", "单位编码；留空为全校。"),
                _parameter("theme", "integer", "研讨主题序号；不与单位同时使用。"),
                _parameter("as_of", "date", "数据截至日期；留空为今天。"),
            ],
            "responses": {
                "200": {
                    "description": "数据和内容校验码。",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                },
                **_UNAUTHORISED,
                "404": {"description": "没有这个范围，或无权查看。"},
            },
        }
    }


def _list(dataset: Dataset) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["rows", "next"],
        "properties": {
            "rows": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{dataset.name}"},
            },
            "next": {
                "type": ["string", "null"],
                "description": "续取时作为 after 传回；为空表示没有更多。",
            },
        },
    }
    return {
        "get": {
            "operationId": dataset.name,
            "summary": dataset.title,
            "description": dataset.meaning,
            "parameters": [
                _parameter("after", "string", "上一页答复中的 next。"),
                _parameter("limit", "integer", f"每页条数，最多{PAGE_AT_MOST}。"),
            ],
            "responses": {
                "200": {
                    "description": dataset.title,
                    "content": {"application/json": {"schema": page}},
                },
                **_UNAUTHORISED,
                "400": {"description": "参数写法有误。"},
            },
        }
    }


def _schema(dataset: Dataset) -> dict[str, Any]:
    return {
        "type": "object",
        "description": dataset.meaning,
        "required": [field.name for field in dataset.fields],
        "properties": {field.name: _property(field) for field in dataset.fields},
    }


def _property(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"title": field.label, "description": field.meaning}
    if field.kind in {"date", "date-time"}:
        return {"type": ["string", "null"], "format": field.kind, **described}
    if field.kind == "integer":
        return {"type": ["integer", "null"], **described}
    return {"type": "string", **described}
