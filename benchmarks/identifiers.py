"""How well the anonymity gate finds: `python -m benchmarks.identifiers [--count N] [--seed N]`.

Every identifier is invented: NHS numbers of the test range 999, National Insurance prefixes that
are never issued, telephone numbers kept for drama, postcodes that do not exist.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from benchmarks.identifier_notes import held_out, narrative, paperwork, shorthand, tuned
from benchmarks.records import ndjson
from scr_audit.anonymity.identifiers import is_nhs_number
from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.anonymity.scan import Scanner, scan_record

_UPN = "ABCDEFGHJKLMNPQRTUVWXYZ"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ROADS = ("Acacia Road", "Station Street", "Mill Lane", "Orchard Close", "St Mary's Avenue")
_TITLES = (
    "Mr", "Mrs", "Ms", "Dr", "PC", "Miss", "Mr J.", "J. R.", "mrs", "Mx", "Prof", "Rev", "Sir",
    "Dame", "Lady", "Lord", "DC", "DS", "DI", "Sgt", "Cllr", "Judge",
)  # fmt: skip
_ANY_SCRIPT = (
    "Sampleton", "Testford", "O'Sample", "Examplesby", "Åbergtest", "Mockham-Test", "de Sampleton",
    "van der Testen", "Ó Samplín", "d'Exemple", "al-Mithali", "Примеров", "Παραδειγμίδης", "مثالي",
    "例子", "परीक्षा", "İnceörnek", "Nguyễn Mẫu",
)  # fmt: skip
_HOSPITALS = ("Northgate General Hospital", "St Luke's Hospital", "the Royal Infirmary")


def nhs_number(random: Random) -> str:
    """A number of the test range, in one of the ways in which people write it."""
    while not is_nhs_number(found := f"999{random.randrange(10**7):07}"):
        pass
    return _odd(random, _grouped(random, found))


def mistyped_nhs_number(random: Random) -> str:
    """The same, with another check digit."""
    while is_nhs_number(found := f"999{random.randrange(10**7):07}"):
        pass
    return _odd(random, _grouped(random, found))


def _grouped(random: Random, digits: str) -> str:
    """Ten digits with what people put between their groups."""
    groups = [digits[:3], digits[3:6], digits[6:]]
    if random.random() < 0.1:
        return random.choice(["({}) {} {}", "[{}] [{}] [{}]", "({}) ({}) ({})"]).format(*groups)
    signs = ["", " ", "-", ".", "/", "\u00a0", "\u2011", "\u2013", " - ", "\n", "\u200b"]
    return random.choice(signs).join(groups)


def nino(random: Random) -> str:
    """A National Insurance number with a prefix that is never issued."""
    parts = [random.choice(["QQ", "BG", "GB", "NK", "KN", "TN", "NT", "ZZ"])]
    parts += [f"{random.randrange(100):02}" for _ in range(3)] + [random.choice("ABCD")]
    return _odd(random, _case(random, random.choice(["", " ", "-", "\u00a0"]).join(parts)))


def upn(random: Random) -> str:
    """A unique pupil number with its check letter."""
    digits = f"{random.randrange(10**12):012}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, 2))
    return _odd(random, _case(random, _UPN[total % 23] + digits))


def postcode(random: Random) -> str:
    """A postcode that does not exist."""
    inward = f"{random.randrange(10)}{random.choice('ABD')}{random.choice('ZXY')}"
    area = random.choice(["ZZ99", "AB99", "M99", "SW99", "EC9Z"])
    return _case(random, f"{area}{random.choice([' ', '', chr(0xA0)])}{inward}")


def phone(random: Random) -> str:
    """A telephone number kept for drama."""
    tail = f"{random.randrange(1000):03}"
    return _odd(
        random,
        random.choice(
            [
                f"01632 960{tail}", f"01632960{tail}", f"01632 960 {tail}", f"(01632) 960{tail}",
                f"07700 900{tail}", f"07700900{tail}", f"07700 900 {tail}", f"07700-900-{tail}",
                f"+44 7700 900{tail}", f"+447700900{tail}", f"+44 (0)1632 960{tail}",
                f"0044 7700 900 {tail}", f"020 7946 0{tail}", f"0117.496.0{tail}",
            ]
        ),
    )  # fmt: skip


def email(random: Random) -> str:
    """An address at a domain that is kept for examples."""
    name = random.choice(["a.sample", "carer1", "x_y", "sample-family", "P2"])
    at = random.choice(["@", "@", "@", "(at)", " [at] "])
    return f"{name}{at}{random.choice(['example.org', 'mail.example.co.uk', 'example.test'])}"


def birth_date(random: Random) -> str:
    """A whole date in one of the ways in which people write it."""
    day = date(2009, 1, 1) + timedelta(random.randrange(700))
    month = _MONTHS[day.month - 1]
    return random.choice(
        [
            f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", day.isoformat(), f"{day.day} {month} {day.year}",
            f"{month} {day.day}, {day.year}", f"{day.day}-{month[:3]}-{day.year}",
            f"{day.day}th {month} {day.year}",
        ]
    )  # fmt: skip


def name(random: Random) -> str:
    """A title or initials, and an invented word."""
    title = random.choice(_TITLES)
    word = random.choice(_ANY_SCRIPT if title != "mrs" else _ANY_SCRIPT[:5])
    return f"{title} {word.lower() if title == 'mrs' else word}"


def _case(random: Random, text: str) -> str:
    return text.lower() if random.random() < 0.2 else text


def _odd(random: Random, text: str) -> str:
    """Now and then full-width digits, or something invisible in the middle."""
    chance = random.random()
    if chance < 0.05:
        return text.translate(_WIDE)
    return f"{text[:5]}\u200b{text[5:]}" if chance < 0.1 else text


NUMBERED: dict[str, Callable[[Random], str]] = {
    "nhs_number": nhs_number, "nino": nino, "upn": upn, "postcode": postcode, "phone": phone,
    "email": email,
}  # fmt: skip


def filled(template: str, random: Random, x: str = "") -> str:
    """A sentence with its braces filled; each brace by a draw of its own."""
    makers: dict[str, Callable[[], str]] = {
        "{date}": lambda: birth_date(random),
        "{month}": lambda: f"{random.choice(_MONTHS)} {random.randrange(2008, 2012)}",
        "{road}": lambda: random.choice(_ROADS),
        "{hospital}": lambda: random.choice(_HOSPITALS),
        "{money}": lambda: f"{random.randrange(1, 90)},{random.randrange(1000):03}.50",
        "{ref}": lambda: f"CR/{random.randrange(100000):05}/{random.randrange(7, 12):02}",
        "{caseno}": lambda: (
            f"{random.choice(['0', '07', '1', '20'])}{random.randrange(10**6):06}"
            f"{random.choice(['', '-1', '/09', '-2010'])}"
        ),
        "{time}": lambda: (
            f"{random.randrange(24):02}{random.choice(':.')}{random.randrange(60):02}"
        ),
        "{n}": lambda: str(random.randrange(1, 41)),
    }
    for brace, make in makers.items():
        while brace in template:
            template = template.replace(brace, make(), 1)
    return template.replace("{x}", x)


def recall(module: object, count: int, seed: int) -> dict[str, float]:
    """The share of identifiers found, by kind, in `count` notes of each."""
    random = Random(seed)
    cases = {kind: (module.NUMBERED, make) for kind, make in NUMBERED.items()}  # type: ignore[attr-defined]
    cases["birth_date"] = (module.BIRTH_DATES, birth_date)  # type: ignore[attr-defined]
    cases["mistyped"] = (module.LABELLED, mistyped_nhs_number)  # type: ignore[attr-defined]
    cases["name"] = (module.NAMES, name)  # type: ignore[attr-defined]
    found: dict[str, float] = {}
    for kind, (templates, make) in cases.items():
        hits = 0
        for _ in range(count):
            note = filled(random.choice(templates), random, make(random))
            wanted = "nhs_number" if kind == "mistyped" else kind
            hits += any(span.kind == wanted for span in identifiers_in(note))
        found[kind] = hits / count
    return found


def false_alarms(module: object, count: int, seed: int) -> list[str]:
    """The ordinary notes in which something was found."""
    random = Random(seed)
    notes = (filled(random.choice(module.ORDINARY), random) for _ in range(count))  # type: ignore[attr-defined]
    return [note for note in notes if identifiers_in(note)]


def kinds_in(note: str) -> set[str]:
    """The kinds of identifier in a note."""
    return {span.kind for span in identifiers_in(note)}


def throughput(count: int) -> float:
    """Records a second through the gate's scanner, records of about 5,000 bytes."""
    lines = list(ndjson(count, 1))
    scanner = Scanner()
    start = time.perf_counter()
    for line in lines:
        scanner.scan(line)
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identifiers", description=__doc__)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for title, module in (("tuned", tuned), ("held out", held_out)):
        print(f"## {title}\n")
        for kind, share in recall(module, options.count, options.seed).items():
            print(f"{kind:12} recall {share:.4f}")
        alarms = false_alarms(module, 4 * options.count, options.seed)
        print(f"ordinary     {len(alarms)} false alarms in {4 * options.count:,} notes")
        for note in alarms[:5]:
            print(f"    {note!r}")
        print()
    whole = {"shorthand": shorthand, "paperwork": paperwork, "narrative": narrative}
    for title, notes in whole.items():
        found = sum(kind in kinds_in(note) for kind, note in notes.IDENTIFYING)
        wrong = sum(bool(kinds_in(note)) for note in notes.ORDINARY)
        print(f"{title:12} {found} of {len(notes.IDENTIFYING)} notes found, {wrong} false alarms "
              f"in {len(notes.ORDINARY)}")  # fmt: skip
    telling, others = (
        sum(bool(scan_record({key: value})) for key, value in keyed)
        for keyed in (paperwork.KEYED, paperwork.ORDINARY_KEYED)
    )
    print(f"keys         {telling} of {len(paperwork.KEYED)} found, {others} false alarms in "
          f"{len(paperwork.ORDINARY_KEYED)}\n")  # fmt: skip
    random = Random(options.seed)
    by_chance = sum(
        bool(identifiers_in(f"reference {random.randrange(10**9, 10**10)}")) for _ in range(2000)
    )
    print(f"ten-digit references taken for an NHS number: {by_chance / 20:.1f} % (as the check "
          "digit has it)")  # fmt: skip
    print(f"throughput: {throughput(2_000):,.0f} records a second")


if __name__ == "__main__":
    main()
