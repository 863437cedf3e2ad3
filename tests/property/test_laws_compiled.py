"""Laws of compiled packs: whatever the pack, its bytes and its kept code say what its files say."""

from __future__ import annotations

from datetime import date

from budget import share
from hypothesis import given
from strategies import Audit, as_of_days, audits

from scr_audit import Engine, load_pack
from scr_audit.evaluate.kept_code import packed, unpacked
from scr_audit.evaluate.program import Program


def findings(engine: Engine, audit: Audit, as_of: date | None) -> list[object]:
    return [
        finding.to_dict()
        for record in audit.records
        for finding in engine.evaluate(record, as_of=as_of)
    ]


@share(4, records=4)
@given(audits(), as_of_days())
def test_a_pack_from_its_bytes_gives_the_same_findings(audit: Audit, as_of: date | None) -> None:
    data = audit.pack.to_bytes()
    again = load_pack(data)
    assert again.to_bytes() == data
    assert findings(Engine(again), audit, as_of) == findings(Engine(audit.pack), audit, as_of)


class InMemory(dict[str, bytes]):
    """What is kept, in memory."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


@share(4)
@given(audits(count=0))
def test_kept_code_is_the_code_that_is_written(audit: Audit) -> None:
    pack = load_pack(audit.pack.to_bytes())
    for kind in pack.kinds:
        rules = tuple(rule for rule in pack.rules if rule.kind == kind)
        for what in ("decide", "total"):
            for imprecise in (False, True):
                kept = InMemory()
                made, again = (Program(kind, rules, pack.parameters, kept) for _ in range(2))
                written = made._code(what, imprecise)
                assert again._code(what, imprecise)[0] == written[0]
                for name, value in unpacked(packed(*written) or b"")[1].items():
                    assert repr(value) == repr(written[1][name])
                assert len(kept) == 1
