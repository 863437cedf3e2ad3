"""What SARIF 2.1.0 demands of the parts that our reports use, as a JSON Schema of our own.

Written from the text of the standard (OASIS, sections 3.13 to 3.52). Objects are closed: the
official schema allows no property that it does not name, and neither does this one.
"""

from __future__ import annotations

from typing import Any

LEVELS = ["none", "note", "warning", "error"]


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def many(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = closed(["text"], text=TEXT)
POSITION = {"type": "integer", "minimum": 1}
# A relative reference (RFC 3986) with no absolute path and no backslash.
RELATIVE = {
    "type": "string",
    "pattern": r"^(?!/)(?![A-Za-z][A-Za-z0-9+.-]*:)[A-Za-z0-9._~%/@!$&'()*+,;=-]+$",
}

DESCRIPTOR = closed(
    ["id"],
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed([], level={"enum": LEVELS}),
)
DRIVER = closed(
    ["name"],
    name=TEXT,
    version=TEXT,
    rules=many(DESCRIPTOR, uniqueItems=True),
)
LOCATION = closed(
    ["physicalLocation"],
    physicalLocation=closed(
        ["artifactLocation", "region"],
        artifactLocation=closed(["uri", "uriBaseId"], uri=RELATIVE, uriBaseId=TEXT),
        region=closed(["startLine", "startColumn"], startLine=POSITION, startColumn=POSITION),
    ),
    logicalLocations=many(closed(["fullyQualifiedName"], name=TEXT, fullyQualifiedName=TEXT)),
)
RESULT = closed(
    ["message", "ruleId", "ruleIndex", "level", "locations", "partialFingerprints"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": LEVELS},
    message=MESSAGE,
    locations=many(LOCATION, minItems=1, maxItems=1),
    partialFingerprints={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
    properties={"type": "object"},
)
RUN = closed(
    ["tool", "results"],
    tool=closed(["driver"], driver=DRIVER),
    automationDetails=closed(["id"], id=TEXT),
    originalUriBaseIds={
        "type": "object",
        "additionalProperties": closed(["description"], description=MESSAGE),
    },
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=many(RESULT),
    properties={"type": "object"},
)
LOG = closed(
    ["version", "runs"],
    **{
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": many(RUN, minItems=1),
    },
)
